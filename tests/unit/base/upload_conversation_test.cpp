#include "base/upload_conversation.h"

#include <catch2/catch_test_macros.hpp>
#include <variant>

namespace bodega::base {

TEST_CASE("a reply is taken once, and never for another message than its own", "[base]") {
    UploadConversation both;
    both.say(BodyOffer{12, 300});
    const UploadConversation::Message message = both.message();
    REQUIRE(std::holds_alternative<BodyOffer>(message));
    CHECK(std::get<BodyOffer>(message).length == 12);
    CHECK_FALSE(both.take_reply());
    both.reply(WaitWithBody{});
    const auto reply = both.take_reply();
    REQUIRE(reply);
    CHECK(std::holds_alternative<WaitWithBody>(*reply));
    CHECK_FALSE(both.take_reply());
    // The reply to an earlier message is not the reply to the next.
    both.reply(WaitWithBody{});
    both.say(BodyReport());
    CHECK_FALSE(both.take_reply());
    CHECK(std::holds_alternative<BodyReport>(both.message()));
}

}  // namespace bodega::base
