#include "db/sqlite/local_disk.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "base/error.h"

namespace bodega::db {
namespace {

TEST_CASE("a folder of this machine is accepted, a missing one is not", "[db]") {
    CHECK_NOTHROW(require_local_disk(std::filesystem::temp_directory_path()));
    CHECK_THROWS_AS(require_local_disk("/nonexistent/folder"), base::Error);
}

}  // namespace
}  // namespace bodega::db
