// A file's own date, and the date when its content arrived.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/tree/copy.h"
#include "app/tree/file_date.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "app/tree/versions.h"
#include "base/error.h"
#include "store/tree/listing.h"
#include "support/app_fixture.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using test::code_of;

namespace {

constexpr base::Milliseconds kOld = 1'000'000'000'123, kOlder = 900'000'000'456;  // of 2001 and 1998
constexpr base::Milliseconds kBefore1970 = -86'400'000;

struct Dates : test::AppFixture {
    using AppFixture::AppFixture;

    store::Entry put(const std::string& name, std::string_view bytes, std::optional<base::Milliseconds> at) {
        app::Grant root = grant(tree.root);
        return app::put_file(services, {root, name, {}, std::nullopt, {}, at}, test::source_of(bytes)).entry;
    }
    store::Entry date(const base::Ulid& id, base::Milliseconds at) {
        return app::move_entry(services, grant(id), {.name = {}, .folder = {}, .expected = {}, .modified_at = at});
    }
    base::Milliseconds now() { return catalog.pool().acquire()->now_ms(); }
    bool is_recent(std::optional<base::Milliseconds> at) { return at && *at > now() - 60'000 && *at <= now(); }
};

}  // namespace

TEST_CASE("a file keeps its own date and the date of its upload", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const store::Entry first = fixture.put("a", "one", kOld);
    CHECK(first.modified_at == kOld);
    CHECK(fixture.is_recent(first.uploaded_at));
    CHECK(fixture.is_recent(first.created_at));
    const store::Entry second = fixture.put("a", "two", kOlder);
    CHECK(second.modified_at == kOlder);
    CHECK(fixture.put("a", "three", std::nullopt).modified_at >= *second.uploaded_at);
    const auto versions = app::list_versions(fixture.services, fixture.grant(first.id));
    REQUIRE(versions.size() == 3);
    CHECK(fixture.is_recent(versions[0].modified_at));
    CHECK(versions[1].modified_at == kOlder);
    CHECK(versions[1].created_at == second.uploaded_at);
    CHECK(versions[2].modified_at == kOld);
    CHECK(versions[2].created_at == first.uploaded_at);
    const store::Entry back = app::restore_version(fixture.services, fixture.grant(first.id), 1);
    CHECK(back.modified_at == kOld);
    CHECK(fixture.is_recent(back.uploaded_at));
    CHECK_FALSE(fixture.tree.entry(fixture.tree.root).uploaded_at);
}

TEST_CASE("an upload's file has the announced date", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    app::Grant root = fixture.grant(fixture.tree.root);
    const auto upload = app::create_upload(fixture.services, {root, "b", 3, std::nullopt, {}, "", kBefore1970});
    CHECK(upload.modified_at == kBefore1970);
    const auto end = fixture.send(upload.id, 0, "abc");
    CHECK(fixture.tree.entry(end.entry_id.value()).modified_at == kBefore1970);
    CHECK(fixture.is_recent(fixture.tree.entry(*end.entry_id).uploaded_at));
}

TEST_CASE("copies, moves and the trash keep a file's date", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const auto folder = fixture.tree.folder(fixture.tree.root, "folder");
    const store::Entry file = fixture.put("a", "one", kOld);
    const store::Entry copy =
        app::copy_entry(fixture.services, fixture.grant(file.id), fixture.grant(fixture.tree.root), "b");
    CHECK(copy.modified_at == kOld);
    CHECK(fixture.is_recent(copy.uploaded_at));
    CHECK(app::move_entry(fixture.services, fixture.grant(file.id), {"c", fixture.grant(folder), {}}).modified_at ==
          kOld);
    const store::Entry all =
        app::copy_entry(fixture.services, fixture.grant(folder), fixture.grant(fixture.tree.root), "all");
    CHECK(fixture.is_recent(all.modified_at));
    CHECK(store::Entries(*fixture.catalog.pool().acquire()).find_child(all.id, "c")->modified_at == kOld);
    app::Authorizer access(fixture.services);
    app::trash_entry(fixture.services, fixture.grant(file.id));
    CHECK(app::restore_entry(fixture.services, access, fixture.grant(file.id), {}).modified_at == kOld);
}

TEST_CASE("setting a date changes only the date and the listing", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const store::Entry file = fixture.put("a", "one", std::nullopt);
    const auto state = fixture.tree.entry(fixture.tree.root).state;
    const store::Entry dated = fixture.date(file.id, kOld);
    CHECK(dated.modified_at == kOld);
    CHECK(dated.uploaded_at == file.uploaded_at);
    CHECK(dated.version == file.version);
    CHECK(fixture.tree.entry(fixture.tree.root).state > state);
    const auto again = fixture.tree.entry(fixture.tree.root).state;
    fixture.date(file.id, kOld);
    CHECK(fixture.tree.entry(fixture.tree.root).state == again);  // nothing changed
    const auto folder = fixture.tree.folder(fixture.tree.root, "folder");
    CHECK(fixture.date(folder, kOlder).modified_at == kOlder);
    CHECK(code_of([&] { fixture.date(fixture.tree.root, kOld); }) == Code::conflict);
}

TEST_CASE("dates stay true when a node of the previous release replaces a dated file", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const store::Entry file = fixture.put("a", "one", kOld);
    constexpr db::Sql kReplace{"test.replace",
                               "UPDATE entries SET version = version + 1, modified_at = 77 WHERE id = ?"};
    fixture.catalog.execute(kReplace, {file.id});
    CHECK(fixture.tree.entry(file.id).modified_at == 77);
    CHECK(fixture.tree.entry(file.id).uploaded_at == 77);
    CHECK(fixture.date(file.id, kOlder).uploaded_at == 77);
    constexpr db::Sql kInsert{"test.forget",
                              "UPDATE entries SET uploaded_at = NULL, uploaded_version = NULL WHERE id = ?"};
    fixture.catalog.execute(kInsert, {file.id});
    CHECK(fixture.tree.entry(file.id).uploaded_at == kOlder);
}

TEST_CASE("a listing by date uses the files' own dates", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    fixture.put("new", "1", std::nullopt);
    fixture.put("old", "2", kOld);
    fixture.put("oldest", "3", kBefore1970);
    std::string names;
    std::optional<store::ListingPosition> after;
    do {
        const auto page = store::list_children(*fixture.catalog.pool().acquire(), fixture.tree.root,
                                               store::Sort::modified_at, store::Order::ascending, after, 1);
        for (const auto& entry : page.items) names += entry.name + " ";
        after = page.last;
    } while (after);
    CHECK(names == "oldest old new ");
}

TEST_CASE("dates out of range are refused by every call", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const base::Ulid file = fixture.put("a", "one", std::nullopt).id;
    app::Grant root = fixture.grant(fixture.tree.root);
    const struct {
        base::Milliseconds at;
        bool is_good;
    } rows[] = {
        {0, true},
        {-2'208'988'800'000, true},
        {-2'208'988'800'001, false},
        {253'402'300'799'999, true},
        {253'402'300'800'000, false},
        {INT64_MIN, false},
        {INT64_MAX, false},
    };
    for (const auto& row : rows) {
        INFO(row.at);
        const auto wanted = row.is_good ? std::nullopt : std::optional(Code::invalid);
        CHECK(app::is_file_date(row.at) == row.is_good);
        CHECK(code_of([&] { fixture.put("b", "x", row.at); }) == wanted);
        CHECK(code_of([&] { fixture.date(file, row.at); }) == wanted);
        CHECK(code_of([&] {
                  app::create_upload(fixture.services, {root, "c", 1, std::nullopt, {}, "", row.at});
              }) == wanted);
    }
    CHECK(fixture.tree.entry(file).modified_at == 253'402'300'799'999);
}

TEST_CASE("a file's type follows its name", "[dates]") {
    Dates fixture(GENERATE(from_range(test::engines())));
    const auto root = fixture.grant(fixture.tree.root);
    const auto folder = fixture.tree.folder(fixture.tree.root, "folder.png");
    const base::Ulid file = fixture.put("photo.part", "one", std::nullopt).id;
    fixture.put("photo.part", "two", std::nullopt);
    const auto move = [&](std::optional<std::string> name, std::optional<app::Grant> to) {
        return app::move_entry(fixture.services, fixture.grant(file), {std::move(name), std::move(to), {}}).mime;
    };
    CHECK(fixture.tree.entry(file).mime == "application/octet-stream");
    CHECK(move("photo.png", {}) == "image/png");
    CHECK(app::restore_version(fixture.services, fixture.grant(file), 1).mime == "image/png");
    CHECK(move("photo.txt", fixture.grant(folder)) == "text/plain");
    CHECK(move({}, root) == "text/plain");
    CHECK(app::copy_entry(fixture.services, fixture.grant(file), root, "copy.pdf").mime == "application/pdf");
    app::Authorizer access(fixture.services);
    app::trash_entry(fixture.services, fixture.grant(file));
    CHECK(app::restore_entry(fixture.services, access, fixture.grant(file), {{}, "photo.jpg"}).mime == "image/jpeg");
    CHECK(app::move_entry(fixture.services, fixture.grant(folder), {"folder.pdf", {}, {}}).mime.empty());
}
