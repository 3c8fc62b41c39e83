#include "db/mysql/mysql_error.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::db {
namespace {

TEST_CASE("the design's error numbers have the design's consequences", "[db]") {
    for (const unsigned number : {1213U, 1205U}) {
        CHECK(classify(number) == MysqlError::again);
        CHECK(failure_of("s", number, "40001", "").kind() == Failure::Kind::again);
    }
    for (const unsigned number : {2003U, 2006U, 2013U, 1053U, 1290U, 1792U, 1836U}) {
        INFO(number);
        CHECK(classify(number) == MysqlError::lost);
        CHECK(failure_of("s", number, "HY000", "").kind() == Failure::Kind::lost);
        CHECK(failure_of("s", number, "HY000", "").code() == base::Code::unavailable);
    }
    CHECK(failure_of("s", 1040, "08004", "").kind() == Failure::Kind::other);
    CHECK(failure_of("s", 1040, "08004", "").retry_after() == 2);
    CHECK(classify(1062) == MysqlError::duplicate);
    CHECK(classify(1064) == MysqlError::other);
}

TEST_CASE("a COMMIT is open only if the server may have carried it out", "[db]") {
    for (const unsigned number : {2006U, 2013U, 1053U, 1317U, 1927U, 1969U, 3024U}) CHECK(leaves_commit_open(number));
    for (const unsigned number : {1290U, 1792U, 1836U, 1213U, 1205U, 1114U}) CHECK_FALSE(leaves_commit_open(number));
}

TEST_CASE("a failure names the statement and the number", "[db]") {
    const auto failure = failure_of("entries.add", 1406, "22001", "");
    CHECK(std::string(failure.what()) == "entries.add: the database refused the statement (1406, 22001)");
    CHECK(failure.code() == base::Code::internal);
    CHECK(failure_of("s", 1114, "HY000", "").code() == base::Code::no_space);
    CHECK(failure_of("s", 1050, "42S01", "").kind() == Failure::Kind::exists);
}

TEST_CASE("the server's words are for the operator, and quote no data", "[db]") {
    const auto said = [](unsigned number, const char* sqlstate) {
        return std::string(failure_of("s", number, sqlstate, "the server's words").what());
    };
    CHECK(said(1142, "42000") == "s: the database refused the statement (1142, 42000): the server's words");
    CHECK(said(1665, "HY000").ends_with(": the server's words"));
    CHECK(said(1050, "42S01").ends_with(": the server's words"));
    CHECK(said(1820, "HY000").ends_with(": the server's words"));
    CHECK(said(1406, "22001").ends_with("(1406, 22001)"));
    CHECK(said(1452, "23000").ends_with("(1452, 23000)"));
    // These are shown to callers.
    for (const unsigned number : {1040U, 1114U, 1205U, 1290U, 1317U, 2013U}) {
        INFO(number);
        CHECK(failure_of("s", number, "HY000", "words").code() != base::Code::internal);
        CHECK(said(number, "HY000").ends_with("(" + std::to_string(number) + ", HY000)"));
    }
    CHECK(said(1290, "HY000") == "s: the database is read-only (1290, HY000)");
}

TEST_CASE("what only the operator can mend is a refusal, not an outage", "[db]") {
    for (const unsigned number : {1044U, 1045U, 1049U, 1129U, 1130U, 1227U, 1251U, 1275U, 1524U, 1698U, 1820U, 1862U,
                                  3118U, 3159U, 3955U, 4151U}) {
        INFO(number);
        CHECK(classify(number) == MysqlError::sign_in);
        CHECK(failure_of("s", number, "HY000", "words").code() == base::Code::config_invalid);
    }
}

}  // namespace
}  // namespace bodega::db
