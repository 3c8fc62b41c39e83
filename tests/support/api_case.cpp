#include "support/api_case.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::test {

void run_cases(Caller& caller, const std::vector<ApiCase>& cases) {
    for (const ApiCase& one : cases) {
        const Answer answer = caller(one.method, one.target, one.body, one.fields);
        INFO(one.name << ": " << one.method << " " << one.target << "\n" << answer.head << "\n\n" << answer.body);
        CHECK(answer.status == one.status);
        std::string all = answer.head + "\n";
        for (const auto& [name, value] : answer.fields) all.append(name).append(": ").append(value).append("\n");
        all += answer.body;
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
