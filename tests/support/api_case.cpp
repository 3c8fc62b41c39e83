#include "support/api_case.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::test {

void run_cases(Caller& caller, const std::vector<ApiCase>& cases) {
    for (const ApiCase& one : cases) {
        const Answer answer = caller(one.method, one.target, one.body, one.fields);
        INFO(one.name << ": " << one.method << " " << one.target << "\n" << answer.head << "\n\n" << answer.body);
        CHECK(answer.status == one.status);
        const std::string all = answer.head + "\n" + answer.body;
        for (const std::string& text : one.expected) {
            INFO("expected: " << text);
            CHECK(all.find(text) != std::string::npos);
        }
        for (const std::string& text : one.forbidden) {
            INFO("forbidden: " << text);
            CHECK(all.find(text) == std::string::npos);
        }
    }
}

}  // namespace bodega::test
