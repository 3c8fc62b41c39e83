#include "db/mysql_error.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::db {
namespace {

TEST_CASE("the design's error numbers have the design's consequences", "[db]") {
    for (const unsigned number : {1213U, 1205U}) {
        CHECK(classify(number) == MysqlError::again);
        CHECK(failure_of("s", number, "40001").kind() == Failure::Kind::again);
    }
    for (const unsigned number : {2003U, 2006U, 2013U, 1053U, 1290U, 1792U, 1836U}) {
        INFO(number);
        CHECK(classify(number) == MysqlError::lost);
        CHECK(failure_of("s", number, "HY000").kind() == Failure::Kind::lost);
        CHECK(failure_of("s", number, "HY000").code() == base::Code::unavailable);
    }
    CHECK(failure_of("s", 1040, "08004").kind() == Failure::Kind::other);
    CHECK(failure_of("s", 1040, "08004").retry_after() == 2);
    CHECK(classify(1062) == MysqlError::duplicate);
    CHECK(classify(1064) == MysqlError::other);
}

TEST_CASE("a COMMIT is open only if the server may have carried it out", "[db]") {
    for (const unsigned number : {2006U, 2013U, 1053U, 1317U, 1927U, 1969U, 3024U}) CHECK(leaves_commit_open(number));
    for (const unsigned number : {1290U, 1792U, 1836U, 1213U, 1205U, 1114U}) CHECK_FALSE(leaves_commit_open(number));
}

TEST_CASE("a failure names the statement and the number", "[db]") {
    const auto failure = failure_of("entries.add", 1406, "22001");
    CHECK(std::string(failure.what()) == "entries.add: the database refused the statement (1406, 22001)");
    CHECK(failure.code() == base::Code::internal);
    CHECK(failure_of("s", 1114, "HY000").code() == base::Code::no_space);
    CHECK(failure_of("s", 1050, "42S01").kind() == Failure::Kind::exists);
}

}  // namespace
}  // namespace bodega::db
