#include "app/tree/cursor.h"

#include <catch2/catch_test_macros.hpp>

#include "app/tree/page_cursors.h"
#include "base/encoding.h"
#include "base/error.h"

using namespace bodega;
using store::Order;
using store::Sort;

namespace {

template <class Work>
bool is_refused(Work work) {
    try {
        work();
        return false;
    } catch (const base::Error& e) {
        return e.code() == base::Code::invalid;
    }
}

const store::ListingPosition kPosition{store::EntryKind::file, base::Ulid::make(), "a\xc3\xb1o", "text/plain", -7};

}  // namespace

TEST_CASE("a listing's cursor survives encoding and decoding", "[cursor]") {
    const auto cursor = app::write_cursor(kPosition, Sort::kind, Order::descending);
    CHECK(app::read_listing_cursor(cursor, Sort::kind, Order::descending) == kPosition);
    CHECK(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
}

TEST_CASE("a cursor of another sort, order or kind of page is refused", "[cursor]") {
    const auto cursor = app::write_cursor(kPosition, Sort::name, Order::ascending);
    CHECK(is_refused([&] { app::read_listing_cursor(cursor, Sort::size, Order::ascending); }));
    CHECK(is_refused([&] { app::read_listing_cursor(cursor, Sort::name, Order::descending); }));
    CHECK(is_refused([&] { app::read_trash_cursor(cursor); }));
    CHECK(is_refused([&] { app::read_search_cursor(cursor); }));
    CHECK(is_refused([&] {
        app::read_listing_cursor(app::write_cursor(store::TrashPosition{1, kPosition.id}), Sort::name,
                                 Order::ascending);
    }));
}

TEST_CASE("a damaged cursor is refused", "[cursor]") {
    const auto cursor = app::write_cursor(kPosition, Sort::name, Order::ascending);
    for (std::size_t size = 0; size < cursor.size(); ++size) {
        CHECK(is_refused(
            [&] { app::read_listing_cursor(std::string_view(cursor).substr(0, size), Sort::name, Order::ascending); }));
    }
    for (const char* text : {"", "!", "AQ", "AQAB", "AAAA", "//8="}) {
        CHECK(is_refused([&] { app::read_listing_cursor(text, Sort::name, Order::ascending); }));
    }
    CHECK(is_refused([&] { app::read_listing_cursor(cursor + "AAAA", Sort::name, Order::ascending); }));
    const auto broken = app::CursorWriter(0).number(1).id({}).number(0).text("\xff").text("").encoded();
    CHECK(is_refused([&] { app::read_listing_cursor(broken, Sort::name, Order::ascending); }));
}
