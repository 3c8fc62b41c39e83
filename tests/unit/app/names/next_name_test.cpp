// The table that the web app's tests also read.
#include "app/names/next_name.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/names/name.h"
#include "base/encoding.h"

namespace bodega::app {
namespace {

nlohmann::json table(const char* name) {
    std::ifstream file("tests/tables/names.json");
    REQUIRE(file);
    return nlohmann::json::parse(file)[name];
}

}  // namespace

TEST_CASE("the next name after a taken one matches the table that the web app shares", "[names]") {
    const auto rows = table("numbered");
    REQUIRE_FALSE(rows.empty());
    for (const auto& row : rows) {
        const auto name = row[0].get<std::string>();
        INFO(name);
        CHECK(next_name(name, row[1] == "folder") == row[2].get<std::string>());
    }
}

TEST_CASE("names sort as in the table that the web app shares", "[names]") {
    const auto rows = table("sorted");
    REQUIRE_FALSE(rows.empty());
    std::vector<std::string> wanted, got;
    for (const auto& row : rows) wanted.push_back(row.get<std::string>());
    got.assign(wanted.rbegin(), wanted.rend());
    std::sort(got.begin(), got.end(), [](const auto& a, const auto& b) { return name_key(a) < name_key(b); });
    CHECK(got == wanted);
}

TEST_CASE("a name with a number stays a name", "[names]") {
    std::string longest;
    for (int i = 0; i < 125; ++i) longest += "ñ";
    const std::string numbered = next_name(longest + ".txt", false);
    CHECK(clean_name(numbered) == numbered);
    CHECK(numbered.ends_with("ñ (2).txt"));
    CHECK(next_name(std::string(255, 'a'), true).size() == 255);
}

}  // namespace bodega::app
