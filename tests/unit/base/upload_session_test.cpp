#include "base/upload_session.h"

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
    out.max = 1000;
    out.digest = {1, 2, 3, 0, 255};
    out.checksum = "sha1";
    out.checkpoint = 100;
    out.acknowledge = 5000;
    out.lease = 15000;
    return out;
}

TEST_CASE("a report begins with what the order knows of the file", "[base]") {
    const BodyOrder order = sample();
    const BodyReport broken = BodyReport::to(order, Stage::broken);
    CHECK(broken.size == 10);
    CHECK(broken.digest == order.digest);
    CHECK_FALSE(broken.settled);
    CHECK_FALSE(broken.is_progress());
    CHECK(BodyReport::to(order, Stage::kept).is_progress());
    const BodyReport failed = BodyReport::failure(order, {Code::no_space, "The disk is full.", 7}, true);
    CHECK(failed.stage == Stage::failed);
    CHECK(failed.settled);
    REQUIRE(failed.error);
    CHECK(failed.error->retry_after() == 7);
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
