#include "base/body_order.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::base {
namespace {

using Stage = BodyReport::Stage;
using Due = BodyOrder::Due;
using std::chrono::milliseconds;

BodyOrder sample() {
    BodyOrder out;
    out.file = Ulid::make();
    out.ticket = Ulid::make();
    out.offset = 10;
    out.most = 1000;
    out.digest = {1, 2, 3, 0, 255};
    out.checksum = "sha1";
    out.checkpoint = 100;
    out.acknowledge = 5000;
    out.lease = 15000;
    return out;
}

TEST_CASE("an order survives writing and reading", "[base]") {
    BodyOrder order = sample();
    auto read = BodyOrder::parse(order.text());
    REQUIRE(read);
    CHECK(read->file == order.file);
    CHECK(read->ticket == order.ticket);
    CHECK_FALSE(read->fresh);
    CHECK(read->offset == 10);
    CHECK(read->most == 1000);
    CHECK(read->digest == order.digest);
    CHECK(read->checksum == "sha1");
    CHECK(read->checkpoint == 100);
    CHECK(read->acknowledge == 5000);
    CHECK(read->lease == 15000);
    CHECK(read->text() == order.text());
}

TEST_CASE("a malformed order is refused", "[base]") {
    std::string text = sample().text();
    CHECK_FALSE(BodyOrder::parse(""));
    CHECK_FALSE(BodyOrder::parse("take"));
    CHECK_FALSE(BodyOrder::parse("give" + text.substr(4)));
    CHECK_FALSE(BodyOrder::parse(text.substr(0, text.find("; most"))));
    std::string other = text;
    other.replace(other.find("most=1000"), 9, "most=9");  // below the offset
    CHECK_FALSE(BodyOrder::parse(other));
    other = text;
    other.replace(other.find("most=1000"), 9, "most=-5");
    CHECK_FALSE(BodyOrder::parse(other));
    other = text;
    other.replace(other.find("file="), 8, "file=../");
    CHECK_FALSE(BodyOrder::parse(other));
}

TEST_CASE("a report survives writing and reading, whatever its error text", "[base]") {
    BodyReport offer;
    offer.length = 70000;
    CHECK(offer.text() == "offer; length=70000");
    auto read = BodyReport::parse(offer.text());
    REQUIRE(read);
    CHECK(read->stage == Stage::offer);
    CHECK(read->length == 70000);
    CHECK(BodyReport::parse("offer")->length == std::nullopt);

    BodyOrder order = sample();
    BodyReport kept = BodyReport::to(order, Stage::kept, std::nullopt);
    kept.size = 500;
    kept.digest = {9, 8};
    read = BodyReport::parse(kept.text());
    REQUIRE(read);
    CHECK(read->stage == Stage::kept);
    CHECK(read->file == order.file);
    CHECK(read->ticket == order.ticket);
    CHECK(read->size == 500);
    CHECK(read->digest == kept.digest);

    Error error(Code::no_space, "The disk is full; free=0\r\nand so on", 7);
    BodyReport failure = BodyReport::failure(order, error, 20, true);
    CHECK(failure.text().find('\r') == std::string::npos);
    read = BodyReport::parse(failure.text());
    REQUIRE(read);
    CHECK(read->stage == Stage::failed);
    CHECK(read->error().code() == Code::no_space);
    CHECK(std::string_view(read->error().what()) == error.what());
    CHECK(read->error().retry_after() == 7);
    CHECK(read->settled);
    CHECK_FALSE(BodyReport::parse("complete"));
    CHECK_FALSE(BodyReport::parse("who; length=1"));
    CHECK_FALSE(BodyReport::parse("offer; length=x"));
}

TEST_CASE("when a body's writer has to acknowledge or renew", "[base]") {
    BodyOrder order = sample();
    CHECK(order.due(50, 10, milliseconds(0)) == Due::nothing);
    CHECK(order.due(110, 10, milliseconds(0)) == Due::acknowledgement);
    CHECK(order.due(50, 10, milliseconds(5000)) == Due::acknowledgement);
    CHECK(order.due(1000, 10, milliseconds(0)) == Due::nothing);  // the last byte is reported with the end
    CHECK(order.due(1000, 10, milliseconds(5000)) == Due::renewal);
    order.checkpoint = 0;
    CHECK(order.due(900, 10, milliseconds(0)) == Due::nothing);
    CHECK(order.due(900, 10, milliseconds(5000)) == Due::renewal);
    order.acknowledge = 0;
    CHECK(order.due(900, 10, milliseconds(99999)) == Due::nothing);
}

}  // namespace
}  // namespace bodega::base
