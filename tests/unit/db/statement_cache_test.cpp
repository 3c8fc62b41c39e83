#include "db/statement_cache.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::db {
namespace {

struct Fake {
    bool busy = false;
    bool active() const { return busy; }
};

TEST_CASE("cached statements are found by their text, not by its address", "[db]") {
    StatementCache<Fake> cache(2);
    std::string text = "SELECT 1";
    Fake& one = cache.add(text, std::make_unique<Fake>());
    text = "SELECT 2";
    CHECK(cache.find("SELECT 1") == &one);
    CHECK(cache.find(text) == nullptr);
}

TEST_CASE("the least recently used statement is evicted, but never one in use", "[db]") {
    StatementCache<Fake> cache(2);
    cache.add("a", std::make_unique<Fake>());
    cache.add("b", std::make_unique<Fake>());
    cache.find("a");
    cache.add("c", std::make_unique<Fake>());
    CHECK(cache.find("b") == nullptr);
    REQUIRE(cache.find("a") != nullptr);
    cache.find("a")->busy = true;
    cache.find("c");
    cache.add("d", std::make_unique<Fake>());
    CHECK(cache.find("a") != nullptr);
    CHECK(cache.find("c") == nullptr);
    cache.find("d")->busy = true;
    cache.add("e", std::make_unique<Fake>());
    CHECK(cache.size() == 3);
}

}  // namespace
}  // namespace bodega::db
