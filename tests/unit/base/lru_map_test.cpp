#include "base/lru_map.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

using Map = bodega::base::LruMap<std::string, int, std::string_view>;

namespace {

std::vector<int> values(Map& map) {
    std::vector<int> out;
    map.for_each([&](int value) { out.push_back(value); });
    return out;
}

Map three() {
    Map map;
    map.add("one", 1, 10);
    map.add("two", 2, 20);
    map.add("three", 3, 30);
    return map;
}

}  // namespace

TEST_CASE("a value that is found becomes the most recently used", "[base]") {
    Map map = three();
    CHECK(values(map) == std::vector{3, 2, 1});
    REQUIRE(map.find("one"));
    CHECK(*map.find("one") == 1);
    CHECK(values(map) == std::vector{1, 3, 2});
    CHECK(map.find("four") == nullptr);
    CHECK(map.contains("two"));
    CHECK(values(map) == std::vector{1, 3, 2});
}

TEST_CASE("the least recently used values are dropped until the rest costs no more than the limit", "[base]") {
    Map map = three();
    map.find("one");
    CHECK(map.cost() == 60);
    map.shrink_to(60);
    CHECK(map.size() == 3);
    map.shrink_to(59);
    CHECK(values(map) == std::vector{1, 3});
    CHECK(map.cost() == 40);
    CHECK(!map.contains("two"));
    map.shrink_to(0);
    CHECK((map.size() == 0 && map.cost() == 0));
}

TEST_CASE("a dropped key can be added again", "[base]") {
    Map map = three();
    map.drop("two");
    map.drop("two");
    CHECK(map.cost() == 40);
    CHECK(map.add("two", 22, 5) == 22);
    CHECK(values(map) == std::vector{22, 3, 1});
    CHECK(map.cost() == 45);
    map.clear();
    CHECK((map.size() == 0 && map.cost() == 0));
}

TEST_CASE("the oldest value that may be dropped is dropped", "[base]") {
    Map map = three();
    CHECK(map.drop_oldest([](int value) { return value != 1; }));
    CHECK(values(map) == std::vector{3, 1});
    CHECK(!map.drop_oldest([](int value) { return value > 3; }));
    CHECK(map.size() == 2);
}

TEST_CASE("a value stays where it is while others come and go", "[base]") {
    Map map = three();
    const int* one = map.find("one");
    for (int i = 0; i < 100; ++i) map.add(std::to_string(i), i);
    map.drop("two");
    CHECK(map.find("one") == one);
}
