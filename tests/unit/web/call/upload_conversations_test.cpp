#include "web/call/upload_conversations.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "web/call/route.h"

using namespace bodega;

TEST_CASE("a conversation is found by its id until the edge ends it", "[uploads]") {
    web::UploadConversations all;
    auto first = all.begin(), second = all.begin();
    CHECK(first->id() != second->id());
    CHECK(all.find(first->id()) == first);
    CHECK(all.find(second->id()) == second);
    CHECK_FALSE(all.find("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    const std::string id = first->id();
    first.reset();
    CHECK_FALSE(all.find(id));
    CHECK(all.find(second->id()) == second);
}

TEST_CASE("a conversation that the app works on outlives the edge's part in it", "[uploads]") {
    web::UploadConversations all;
    auto edge = all.begin();
    auto app = all.find(edge->id());
    const std::string id = edge->id();
    edge.reset();
    CHECK(all.find(id) == app);
    app.reset();
    CHECK_FALSE(all.find(id));
}

TEST_CASE("the step of a conversation acts on each report, and a refused report ends the session", "[uploads]") {
    struct Session final : base::UploadSession {
        explicit Session(base::BodyOrder order) : UploadSession(std::move(order)) {}
        std::unique_ptr<base::BodySink> open() const override { return nullptr; }
        void progress(const base::BodyReport&) override {}
        void abort(const base::BodyReport& report) override { ended = report; }
        std::optional<base::BodyReport> ended;
    };
    base::BodyOrder order;
    order.offset = 100;
    const auto session = std::make_shared<Session>(order);
    web::UploadConversations all;
    const auto edge = all.begin();
    const auto app = all.find(edge->id());
    CHECK(app->route() == nullptr);
    const web::Route route{"PUT", "/files/{name}", nullptr, web::Guard::signed_in, web::Body::stream, {}};
    app->continue_with(route, session, nullptr);
    CHECK(app->route() == &route);
    base::BodyReport kept = base::BodyReport::to(order, base::BodyReport::Stage::kept);
    kept.size = 5000;
    kept.settled = true;
    app->refuse(kept);
    REQUIRE(session->ended);
    CHECK(session->ended->stage == base::BodyReport::Stage::broken);
    CHECK(session->ended->size == 100);  // nothing is acknowledged
    CHECK(session->ended->settled);
}
