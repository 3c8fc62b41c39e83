// Limits on unfinished uploads: their announced bytes count for the space, and an account has a limit.
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
using test::AppFixture;
using test::code_of;

namespace {

constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ? WHERE id = ?"};
constexpr db::Sql kUploads{"test.uploads", "SELECT COUNT(*) FROM uploads"};

struct Room : AppFixture {
    explicit Room(db::Dialect engine) : AppFixture(engine) { quota(tree.space, 1000); }

    void quota(const base::Ulid& space, std::int64_t bytes) { catalog.execute(kQuota, {bytes, space}); }
    std::optional<Code> begin(std::int64_t length) {
        return code_of([&] { create("upload", length); });
    }
    std::optional<Code> put_bytes(std::string_view name, std::size_t size) {
        return code_of([&] { put(name, test::some_bytes(size)); });
    }
};

}  // namespace

TEST_CASE("an upload's announced bytes count for its space until it ends", "[room]") {
    Room fixture(GENERATE(from_range(test::engines())));
    const store::Upload upload = fixture.create("a", 600);
    CHECK(fixture.begin(401) == Code::quota_exceeded);
    CHECK(fixture.put_bytes("b", 401) == Code::quota_exceeded);
    CHECK(fixture.put_bytes("b", 300) == std::nullopt);
    const base::Ulid b = fixture.child("b")->id;
    const app::Grant root = fixture.grant(fixture.tree.root);
    CHECK(code_of([&] { app::copy_entry(fixture.services, fixture.grant(b), root, "c"); }) == Code::quota_exceeded);
    CHECK(fixture.orphans() == 0);
    // Its own announced bytes are not a reason to refuse it.
    fixture.send(upload.id, 0, test::some_bytes(600));
    CHECK(fixture.child("a")->size == 600);
    CHECK(fixture.put_bytes("d", 100) == std::nullopt);
    CHECK(fixture.put_bytes("e", 1) == Code::quota_exceeded);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a deleted or expired upload gives its room back", "[room]") {
    Room fixture(GENERATE(from_range(test::engines())));
    const store::Upload upload = fixture.create("a", 1000);
    CHECK(fixture.begin(1) == Code::quota_exceeded);
    app::end_upload(fixture.services, fixture.actor(), upload.id);
    CHECK(fixture.begin(1000) == std::nullopt);
    fixture.expire_uploads();
    CHECK(fixture.begin(1000) == std::nullopt);
}

TEST_CASE("an upload's room moves with its folder", "[room]") {
    Room fixture(GENERATE(from_range(test::engines())));
    const auto other = fixture.tree.make_space("Other", 1000);
    const auto folder = fixture.tree.folder(fixture.tree.root, "folder");
    app::Grant into = fixture.grant(folder);
    app::create_upload(fixture.services, {into, "a", 900, std::nullopt, {}, ""});
    CHECK(fixture.begin(101) == Code::quota_exceeded);
    app::move_entry(fixture.services, fixture.grant(folder), {{}, fixture.grant(fixture.tree.root_of(other)), {}});
    CHECK(fixture.begin(1000) == std::nullopt);
    app::Grant there = fixture.grant(folder);
    CHECK(code_of([&] {
              app::create_upload(fixture.services, {there, "b", 101, std::nullopt, {}, ""});
          }) == Code::quota_exceeded);
}

TEST_CASE("an account's unfinished uploads are limited in number and bytes", "[room]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.uploads_per_user = 3;
    fixture.config.files.upload_bytes_per_user = 1000;
    const auto begin = [&](std::int64_t length) { return code_of([&] { fixture.create("a", length); }); };
    CHECK(begin(1001) == Code::quota_exceeded);
    CHECK(begin(600) == std::nullopt);
    CHECK(begin(401) == Code::quota_exceeded);
    CHECK(begin(400) == std::nullopt);
    CHECK(begin(0) == std::nullopt);
    CHECK(begin(0) == Code::quota_exceeded);
    app::Actor eve{fixture.tree.make_user("eve"), "eve", store::Role::member, std::nullopt, {}};
    CHECK(app::list_uploads(fixture.services, fixture.actor()).size() == 3);
    CHECK(app::list_uploads(fixture.services, eve).empty());
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("concurrent uploads are admitted one by one within the room", "[room]") {
    Room fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.uploads_per_user = 6;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 12; ++i) threads.emplace_back([&, i] { fixture.begin(i % 2 == 0 ? 100 : 300); });
    threads.clear();
    std::int64_t bytes = 0;
    const auto open = app::list_uploads(fixture.services, fixture.actor());
    for (const auto& upload : open) bytes += upload.length;
    CHECK(bytes <= 1000);
    CHECK(open.size() <= 6);
    CHECK(fixture.catalog.number(kUploads) == static_cast<std::int64_t>(open.size()));
    CHECK(fixture.orphans() == 0);
}
