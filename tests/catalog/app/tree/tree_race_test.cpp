// Threads that change one tree concurrently, each on its own connection.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <functional>
#include <thread>

#include "app/tree/copy.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "store/tree/entries.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;

namespace {

// Runs all concurrently and returns the error code of each.
std::vector<std::optional<Code>> race(const std::vector<std::function<void()>>& works) {
    std::vector<std::optional<Code>> codes(works.size());
    std::atomic<std::size_t> ready{0};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < works.size(); ++i) {
        threads.emplace_back([&, i] {
            ++ready;
            while (ready < works.size()) std::this_thread::yield();
            codes[i] = test::code_of(works[i]);
        });
    }
    threads.clear();
    return codes;
}

}  // namespace

TEST_CASE("one of many concurrent creations of a name wins", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    const auto root = app.grant(app.tree.root);
    std::vector<std::function<void()>> works(8, [&] { app::make_folder(app.services, root, "same"); });
    const auto codes = race(works);
    CHECK(std::count(codes.begin(), codes.end(), std::nullopt) == 1);
    CHECK(std::count(codes.begin(), codes.end(), Code::name_taken) == 7);
    CHECK(app.tree.entry(app.tree.root).child_count == 1);
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("two folders moved into each other make no cycle", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    for (int round = 0; round < 10; ++round) {
        const auto a = app.tree.folder(app.tree.root, "a" + std::to_string(round));
        const auto b = app.tree.folder(app.tree.root, "b" + std::to_string(round));
        const auto ga = app.grant(a), gb = app.grant(b);
        const auto codes = race({[&] {
                                     app::move_entry(app.services, ga, {{}, gb, {}});
                                 },
                                 [&] {
                                     app::move_entry(app.services, gb, {{}, ga, {}});
                                 }});
        CHECK(std::count(codes.begin(), codes.end(), std::nullopt) == 1);
        CHECK(std::count(codes.begin(), codes.end(), Code::conflict) == 1);
    }
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("concurrent moves between two spaces do not deadlock", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    const auto other = app.tree.root_of(app.tree.make_space("Other"));
    std::vector<std::function<void()>> works;
    for (int i = 0; i < 6; ++i) {
        const auto from = i % 2 ? other : app.tree.root;
        const auto file = app.tree.file(from, "f" + std::to_string(i), 10);
        works.emplace_back([&app, granted = app.grant(file), to = app.grant(i % 2 ? app.tree.root : other)] {
            app::move_entry(app.services, granted, {{}, to, {}});
        });
    }
    const auto codes = race(works);
    CHECK(std::count(codes.begin(), codes.end(), std::nullopt) == 6);
    CHECK(app.tree.entry(other).child_count == 3);
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("no live entry is left below a folder that was trashed meanwhile", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    for (int round = 0; round < 5; ++round) {
        const auto folder = app.tree.folder(app.tree.root, "a" + std::to_string(round));
        const auto below = app.tree.folder(folder, "b");
        const auto file = app.tree.file(app.tree.root, "f" + std::to_string(round));
        const auto top = app.grant(folder), into = app.grant(below), moved = app.grant(file);
        race({[&] { app::trash_entry(app.services, top); }, [&] { app::make_folder(app.services, into, "c"); },
              [&] {
                  app::move_entry(app.services, moved, {{}, into, {}});
              },
              [&] { app::copy_entry(app.services, moved, into, "copy"); }});
        CHECK_FALSE(app.tree.entry(folder).is_live());
    }
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("concurrent restore and erase have one result", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    app::Authorizer access(app.services);
    for (int round = 0; round < 5; ++round) {
        const auto folder = app.tree.folder(app.tree.root, "a" + std::to_string(round));
        const auto file = app.tree.file(folder, "f", 10);
        app::trash_entry(app.services, app.grant(folder));
        const auto top = app.grant(folder);
        race({[&] { app::erase_entry(app.services, top); },
              [&] {
                  app::restore_entry(app.services, access, top, {app.tree.root, {}});
              }});
        CHECK(app.tree.is_gone(folder) == app.tree.is_gone(file));
    }
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("two concurrent uploads can't exceed a quota", "[race]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    const auto space = app.tree.make_space("Small", 35);
    const auto root = app.tree.root_of(space);
    std::vector<std::function<void()>> works;
    for (int i = 0; i < 8; ++i) works.emplace_back([&, i] { app.tree.file(root, "f" + std::to_string(i), 10); });
    const auto codes = race(works);
    CHECK(std::count(codes.begin(), codes.end(), std::nullopt) == 3);
    CHECK(std::count(codes.begin(), codes.end(), Code::quota_exceeded) == 5);
    CHECK(app.tree.used(space) == 30);
    CHECK(app.tree.entry(root).child_count == 3);
}
