// What uploads that are not finished may take: their announced bytes are a space's room, and an account has a bound.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>

#include "app/tree/copy.h"
#include "app/tree/move.h"
#include "base/error.h"
#include "support/app_fixture.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using test::code_of;
using test::Depot;

namespace {

constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ? WHERE id = ?"};
constexpr db::Sql kUploads{"test.uploads", "SELECT COUNT(*) FROM uploads"};

struct Room : Depot {
    explicit Room(db::Dialect engine) : Depot(engine) { quota(tree.space, 1000); }

    void quota(const base::Ulid& space, std::int64_t bytes) { catalog.execute(kQuota, {bytes, space}); }
    std::optional<Code> begin(std::int64_t length) {
        return code_of([&] { create("upload", length); });
    }
    std::optional<Code> put_bytes(std::string_view name, std::size_t size) {
        return code_of([&] { put(name, test::some_bytes(size)); });
    }
};

}  // namespace

TEST_CASE("the bytes that an upload was announced with are its space's until it ends", "[room]") {
    Room depot(GENERATE(from_range(test::engines())));
    const store::Upload upload = depot.create("a", 600);
    CHECK(depot.begin(401) == Code::quota_exceeded);
    CHECK(depot.put_bytes("b", 401) == Code::quota_exceeded);
    CHECK(depot.put_bytes("b", 300) == std::nullopt);
    const base::Ulid b = depot.child("b")->id;
    const app::Grant root = depot.grant(depot.tree.root);
    CHECK(code_of([&] { app::copy_entry(depot.services, depot.grant(b), root, "c"); }) == Code::quota_exceeded);
    CHECK(depot.orphans() == 0);
    // Its own bytes are no reason to refuse it.
    depot.send(upload.id, 0, test::some_bytes(600));
    CHECK(depot.child("a")->size == 600);
    CHECK(depot.put_bytes("d", 100) == std::nullopt);
    CHECK(depot.put_bytes("e", 1) == Code::quota_exceeded);
    CHECK(depot.disorder() == "");
}

TEST_CASE("an upload that is ended or expired gives its room back", "[room]") {
    Room depot(GENERATE(from_range(test::engines())));
    const store::Upload upload = depot.create("a", 1000);
    CHECK(depot.begin(1) == Code::quota_exceeded);
    app::end_upload(depot.services, depot.actor(), upload.id);
    CHECK(depot.begin(1000) == std::nullopt);
    depot.expire_uploads();
    CHECK(depot.begin(1000) == std::nullopt);
}

TEST_CASE("an upload's room goes with its folder", "[room]") {
    Room depot(GENERATE(from_range(test::engines())));
    const auto other = depot.tree.make_space("Other", 1000);
    const auto folder = depot.tree.folder(depot.tree.root, "folder");
    app::Grant into = depot.grant(folder);
    app::create_upload(depot.services, {into, "a", 900, std::nullopt, {}, ""});
    CHECK(depot.begin(101) == Code::quota_exceeded);
    app::move_entry(depot.services, depot.grant(folder), {{}, depot.grant(depot.tree.root_of(other)), {}});
    CHECK(depot.begin(1000) == std::nullopt);
    app::Grant there = depot.grant(folder);
    CHECK(code_of([&] {
              app::create_upload(depot.services, {there, "b", 101, std::nullopt, {}, ""});
          }) == Code::quota_exceeded);
}

TEST_CASE("an account's unfinished uploads are bounded, in number and bytes", "[room]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.uploads_per_user = 3;
    depot.config.files.upload_bytes_per_user = 1000;
    const auto begin = [&](std::int64_t length) { return code_of([&] { depot.create("a", length); }); };
    CHECK(begin(1001) == Code::quota_exceeded);
    CHECK(begin(600) == std::nullopt);
    CHECK(begin(401) == Code::quota_exceeded);
    CHECK(begin(400) == std::nullopt);
    CHECK(begin(0) == std::nullopt);
    CHECK(begin(0) == Code::quota_exceeded);
    app::Actor eve{depot.tree.make_user("eve"), "eve", store::Role::member, std::nullopt, {}};
    CHECK(app::list_uploads(depot.services, depot.actor()).size() == 3);
    CHECK(app::list_uploads(depot.services, eve).empty());
    CHECK(depot.orphans() == 0);
}

TEST_CASE("uploads that begin at once are let in one by one", "[room]") {
    Room depot(GENERATE(from_range(test::engines())));
    depot.config.files.uploads_per_user = 6;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 12; ++i) threads.emplace_back([&, i] { depot.begin(i % 2 == 0 ? 100 : 300); });
    threads.clear();
    std::int64_t bytes = 0;
    const auto open = app::list_uploads(depot.services, depot.actor());
    for (const auto& upload : open) bytes += upload.length;
    CHECK(bytes <= 1000);
    CHECK(open.size() <= 6);
    CHECK(depot.catalog.number(kUploads) == static_cast<std::int64_t>(open.size()));
    CHECK(depot.orphans() == 0);
}
