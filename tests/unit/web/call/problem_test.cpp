#include "web/call/problem.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace bodega::web {

TEST_CASE("each code has its status") {
    using base::Code;
    const std::pair<Code, int> rows[] = {{Code::invalid, 400},
                                         {Code::name_invalid, 422},
                                         {Code::config_invalid, 500},
                                         {Code::unauthenticated, 401},
                                         {Code::forbidden, 403},
                                         {Code::cross_site, 403},
                                         {Code::not_found, 404},
                                         {Code::gone, 410},
                                         {Code::conflict, 409},
                                         {Code::name_taken, 409},
                                         {Code::offset_mismatch, 409},
                                         {Code::precondition_failed, 412},
                                         {Code::checksum_mismatch, 460},
                                         {Code::too_large, 413},
                                         {Code::quota_exceeded, 507},
                                         {Code::range_not_satisfiable, 416},
                                         {Code::unsupported_media, 415},
                                         {Code::unsupported_version, 412},
                                         {Code::locked, 423},
                                         {Code::throttled, 429},
                                         {Code::unavailable, 503},
                                         {Code::no_space, 507},
                                         {Code::io, 503},
                                         {Code::internal, 500}};
    for (const auto& [code, status] : rows) {
        INFO(base::code_name(code));
        CHECK(status_of(code) == status);
    }
}

TEST_CASE("a problem says what happened, without internal details") {
    const base::Error error(base::Code::name_taken, "it is taken");
    const auto taken = nlohmann::json::parse(problem_document(error, "r1", {{"existing_id", "7"}}));
    CHECK(taken["type"] == "about:blank");
    CHECK(taken["status"] == 409);
    CHECK(taken["detail"] == "it is taken");
    CHECK(taken["code"] == "name_taken");
    CHECK(taken["request_id"] == "r1");
    CHECK(taken["existing_id"] == "7");
    const std::string bug = problem_document(base::Error(base::Code::internal, "entries.find: no column"), "r2");
    CHECK(bug.find("entries.find") == std::string::npos);
}

}  // namespace bodega::web
