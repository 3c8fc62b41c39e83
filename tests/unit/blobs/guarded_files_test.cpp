#include "blobs/guarded_files.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/store.h"
#include "support/temp_folder.h"

using namespace bodega;
using base::Ulid;

TEST_CASE("while changes are forbidden nothing is created, truncated, moved or removed", "[blobs]") {
    const test::TempFolder folder;
    blobs::GuardedFiles files(blobs::FileOps::kernel());
    const blobs::Store store(folder / "shared", files);
    const Ulid blob = Ulid::make(), half = Ulid::make();
    for (const Ulid& id : {blob, half}) {
        blobs::Incoming file = store.create_incoming(id);
        file.write(base::as_bytes("kept"));
        file.seal();
    }
    store.publish(blob, 4);
    files.forbid_changes(true);
    const auto refuses = Catch::Matchers::ContainsSubstring("Nothing is changed");
    CHECK_THROWS_WITH(store.create_incoming(Ulid::make()), refuses);
    CHECK_THROWS_WITH(store.create_durable_incoming(Ulid::make()), refuses);
    CHECK_THROWS_WITH(store.resume_incoming(half, 2), refuses);
    CHECK_THROWS_WITH(store.resume_incoming(blob, 2), refuses);
    CHECK_THROWS_WITH(store.copy_incoming(half, Ulid::make(), 4, 0, [] { return true; }), refuses);
    CHECK_THROWS_WITH(store.publish(half, 4), refuses);
    CHECK_THROWS_WITH(store.remove_incoming(half), refuses);
    CHECK_THROWS_WITH(store.remove_blob(blob), refuses);
    CHECK(store.open(blob).size() == 4);
    files.forbid_changes(false);
    store.publish(half, 4);
    CHECK(store.remove_blob(half));
}
