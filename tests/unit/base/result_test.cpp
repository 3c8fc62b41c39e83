#include "base/result.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>

using bodega::base::Result;

namespace {

enum class Why { busy, dead };

struct Base {
    virtual ~Base() = default;
    virtual int number() const { return 1; }
};
struct Derived final : Base {
    int number() const override { return 2; }
};

}  // namespace

TEST_CASE("a result has a value, or the reason why it is absent", "[base]") {
    Result<std::string, Why> text = std::string("there");
    CHECK(text);
    CHECK(*text == "there");
    CHECK(text->size() == 5);
    CHECK_FALSE(text.failed_with(Why::busy));

    text = Why::dead;
    CHECK_FALSE(text);
    CHECK(text.error() == Why::dead);
    CHECK(text.failed_with(Why::dead));
    CHECK_FALSE(text.failed_with(Why::busy));
}

TEST_CASE("a result takes what converts to its value, and moves it out", "[base]") {
    Result<std::unique_ptr<Base>, Why> made = std::make_unique<Derived>();
    REQUIRE(made);
    std::unique_ptr<Base> taken = std::move(*made);
    CHECK(taken->number() == 2);
    CHECK(made);  // as std::expected: a value that was moved from
}
