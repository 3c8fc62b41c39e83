#include "store/tree/listing.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <set>

#include "support/catalog.h"
#include "support/tree.h"

using namespace bodega;
using store::Order;
using store::Sort;
using Names = std::vector<std::string>;

namespace {

store::ListingPage page(test::Tree& tree, Sort sort, Order order, const std::optional<store::ListingPosition>& after,
                        int limit) {
    auto connection = tree.catalog.pool().acquire();
    return store::list_children(*connection, tree.root, sort, order, after, limit);
}

// All names by pages of `limit`.
Names walk(test::Tree& tree, Sort sort, Order order, int limit) {
    Names names;
    std::optional<store::ListingPosition> after;
    for (int i = 0; i < 1000; ++i) {
        const auto part = page(tree, sort, order, after, limit);
        CHECK(part.items.size() <= static_cast<std::size_t>(limit));
        for (const auto& entry : part.items) names.push_back(entry.name);
        if (!part.last) return names;
        after = part.last;
    }
    return {"never ends"};
}

void fill(test::Tree& tree) {
    tree.file(tree.root, "b.txt", 30, "text/plain");
    tree.file(tree.root, "a.png", 10, "image/png");
    tree.folder(tree.root, "Zoo");
    tree.file(tree.root, "c.txt", 20, "text/plain");
    tree.folder(tree.root, "alpha");
    tree.file(tree.root, "img10.png", 32, "image/png");
    tree.file(tree.root, "img9.png", 31, "image/png");
}

}  // namespace

TEST_CASE("folders come first, in every sort and order", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    fill(tree);
    CHECK(walk(tree, Sort::name, Order::ascending, 100) ==
          Names{"alpha", "Zoo", "a.png", "b.txt", "c.txt", "img9.png", "img10.png"});
    CHECK(walk(tree, Sort::name, Order::descending, 100) ==
          Names{"Zoo", "alpha", "img10.png", "img9.png", "c.txt", "b.txt", "a.png"});
    CHECK(walk(tree, Sort::size, Order::ascending, 100) ==
          Names{"alpha", "Zoo", "a.png", "c.txt", "b.txt", "img9.png", "img10.png"});
    CHECK(walk(tree, Sort::size, Order::descending, 100) ==
          Names{"Zoo", "alpha", "img10.png", "img9.png", "b.txt", "c.txt", "a.png"});
    CHECK(walk(tree, Sort::kind, Order::ascending, 100) ==
          Names{"alpha", "Zoo", "a.png", "img9.png", "img10.png", "b.txt", "c.txt"});
    CHECK(walk(tree, Sort::kind, Order::descending, 100) ==
          Names{"Zoo", "alpha", "c.txt", "b.txt", "img10.png", "img9.png", "a.png"});
    catalog.execute({"test.same_time", "UPDATE entries SET modified_at = 5 WHERE kind = 1 AND size < 30"});
    // Created in one millisecond: ordered by id, which is arbitrary.
    const auto by_time = page(tree, Sort::modified_at, Order::ascending, std::nullopt, 100).items;
    REQUIRE(by_time.size() == 7);
    CHECK(std::set{by_time[2].name, by_time[3].name} == std::set<std::string>{"a.png", "c.txt"});
    CHECK(by_time[2].id < by_time[3].id);
}

TEST_CASE("pages of any length have each entry once and in order", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    fill(tree);
    for (const Sort sort : {Sort::name, Sort::size, Sort::modified_at, Sort::kind}) {
        for (const Order order : {Order::ascending, Order::descending}) {
            const Names all = walk(tree, sort, order, 1000);
            CHECK(std::set<std::string>(all.begin(), all.end()).size() == 7);
            for (int limit = 1; limit <= 8; ++limit) CHECK(walk(tree, sort, order, limit) == all);
        }
    }
}

TEST_CASE("equal sort keys are ordered by id", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    for (const char* name : {"ab", "Ab", "aB", "AB",
                             "\xc3\xa1"
                             "b"})
        tree.file(tree.root, name, 0, "");
    catalog.execute({"test.same_time", "UPDATE entries SET modified_at = 5"});
    for (const Sort sort : {Sort::name, Sort::size, Sort::modified_at, Sort::kind}) {
        Names all = walk(tree, sort, Order::ascending, 100);
        CHECK(std::set<std::string>(all.begin(), all.end()).size() == 5);
        CHECK(walk(tree, sort, Order::ascending, 2) == all);
        std::reverse(all.begin(), all.end());
        CHECK(walk(tree, sort, Order::descending, 1) == all);
    }
}

TEST_CASE("a page continues after its last entry, even if that is gone", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    fill(tree);
    const auto first = page(tree, Sort::name, Order::ascending, std::nullopt, 4);
    REQUIRE(first.last);
    catalog.execute({"test.delete", "DELETE FROM entries WHERE id = ?"}, {first.last->id});
    const auto second = page(tree, Sort::name, Order::ascending, first.last, 4);
    REQUIRE(second.items.size() == 3);
    CHECK(second.items[0].name == "c.txt");
    CHECK_FALSE(second.last);
}

TEST_CASE("an empty folder is one empty page", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto only = page(tree, Sort::kind, Order::descending, std::nullopt, 10);
    CHECK(only.items.empty());
    CHECK_FALSE(only.last);
}
