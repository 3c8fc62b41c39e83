#include "base/error.h"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <set>
#include <string>

using namespace bodega::base;

TEST_CASE("every error code has a distinct slug") {
    std::set<std::string_view> names;
    int codes = static_cast<int>(Code::internal) + 1;
    for (int i = 0; i < codes; ++i) {
        std::string_view name = code_name(static_cast<Code>(i));
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
        names.insert(name);
    }
    CHECK(names.size() == static_cast<std::size_t>(codes));
}

TEST_CASE("errno values map to the codes that callers handle") {
    CHECK(system_error("write", ENOSPC).code() == Code::no_space);
    CHECK(system_error("write", EDQUOT).code() == Code::no_space);
    CHECK(system_error("read", EIO).code() == Code::io);
    CHECK(system_error("read", ESTALE).code() == Code::io);
    CHECK(system_error("open it", EACCES).code() == Code::internal);
    CHECK(system_error("open it", EACCES, Code::config_invalid).code() == Code::config_invalid);
    CHECK(std::string(system_error("open it", EACCES).what()) == "could not open it: Permission denied");
}

TEST_CASE("an error may carry a time to retry after") {
    CHECK(Error(Code::throttled, "wait", 30).retry_after() == 30);
    CHECK(Error(Code::invalid, "no").retry_after() == 0);
}
