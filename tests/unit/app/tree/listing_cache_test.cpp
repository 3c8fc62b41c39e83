#include "app/tree/listing_cache.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

using bodega::app::ListingCache;

namespace {

ListingCache::Text text(std::size_t size, char c = 'x') { return std::make_shared<const std::string>(size, c); }

}  // namespace

TEST_CASE("a listing is found only by its own key", "[listing]") {
    ListingCache cache(1 << 20);
    CHECK(cache.find("a") == nullptr);
    cache.put("a", text(10, 'a'));
    cache.put("b", text(10, 'b'));
    CHECK(*cache.find("a") == std::string(10, 'a'));
    CHECK(*cache.find("b") == std::string(10, 'b'));
    CHECK(cache.find("ab") == nullptr);
}

TEST_CASE("at the limit the least recently used are evicted", "[listing]") {
    ListingCache cache(10'000);
    for (int i = 0; i < 4; ++i) cache.put(std::string(1, static_cast<char>('a' + i)), text(2000));
    REQUIRE(cache.find("a"));
    cache.put("e", text(2000));
    CHECK(cache.find("a"));
    CHECK_FALSE(cache.find("b"));
    CHECK(cache.bytes() <= 10'000);
}

TEST_CASE("a listing that is too large or put twice evicts no others", "[listing]") {
    ListingCache cache(10'000);
    cache.put("a", text(100));
    cache.put("large", text(9'000));
    CHECK_FALSE(cache.find("large"));
    const auto bytes = cache.bytes();
    cache.put("a", text(200));
    CHECK(cache.bytes() == bytes);
    CHECK(cache.find("a")->size() == 100);
    ListingCache none(0);
    none.put("a", text(1));
    CHECK_FALSE(none.find("a"));
}

TEST_CASE("a text stays valid after its eviction", "[listing]") {
    ListingCache cache(8'000);
    cache.put("a", text(1000, 'a'));
    const auto held = cache.find("a");
    for (int i = 0; i < 20; ++i) cache.put("k" + std::to_string(i), text(1000));
    CHECK_FALSE(cache.find("a"));
    CHECK(*held == std::string(1000, 'a'));
}

TEST_CASE("many threads share a cache", "[listing]") {
    ListingCache cache(50'000);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&cache, t] {
            for (int i = 0; i < 2000; ++i) {
                const std::string key = std::to_string((i * 7 + t) % 60);
                if (const auto found = cache.find(key)) {
                    if (*found != std::string(1000, key[0])) std::abort();
                } else {
                    cache.put(key, text(1000, key[0]));
                }
            }
        });
    }
    threads.clear();
    CHECK(cache.bytes() <= 50'000);
}
