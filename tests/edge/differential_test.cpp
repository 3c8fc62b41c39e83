// Sends the same bytes through nginx, HAProxy and the edge to one recording upstream: what the edge passes on is
// unambiguous, and it passes nothing on that both others refuse.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"
#include "support/edge_vectors.h"
#include "support/front.h"
#include "support/message_reader.h"

using namespace bodega;
using namespace bodega::test;

namespace {

// Follows each vector, so that a proxy shows where the vector ends for it.
constexpr std::string_view kLast = "GET /api/last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
constexpr Millis kPatience{150};

// An upstream that records every byte of each connection, and answers each complete message, read strictly.
class Tape {
public:
    void operator()(Stream& stream) {
        std::string kept;
        for (std::string more = stream.receive(); !more.empty(); more = stream.receive()) {
            kept += more;
            Reading reading = read_messages(kept, {});
            kept = reading.rest;
            {
                std::lock_guard lock(mutex_);
                bytes_[&stream] += more;
            }
            for (std::size_t i = 0; i < reading.messages.size(); ++i) stream.send(ok("x"));
        }
    }
    // The new bytes of connections that got `mark`; bytes of other connections may be late.
    std::string take(const std::string& mark) {
        std::lock_guard lock(mutex_);
        std::string out;
        for (const auto& [stream, bytes] : bytes_)
            if (bytes.find(mark) != std::string::npos) out += bytes;
        bytes_.clear();
        return out;
    }

private:
    std::mutex mutex_;
    std::map<const Stream*, std::string> bytes_;  // protected by mutex_
};

// What the upstream got when `bytes` were sent to the proxy at `url`.
std::string pass(Tape& tape, const std::string& url, const std::string& bytes, const std::string& mark) {
    RawClient client(url);
    client.give_patience(kPatience);
    client.send(bytes);
    client.receive_all();
    return tape.take(mark);
}

// The vector's messages, without the one that follows each.
std::vector<Message> vectors_own(Reading reading) {
    std::erase_if(reading.messages, [](const Message& message) { return message.target == "/api/last"; });
    return reading.messages;
}

struct Case {
    std::string name;
    std::string mark;  // its target at the upstream, which no other has
    std::string bytes;
    bool accepted;
};

std::string body_for(std::string_view head) {
    if (head.find("hunked") != std::string_view::npos || head.find("CHUNKED") != std::string_view::npos)
        return "3\r\nabc\r\n0\r\n\r\n";
    std::size_t at = head.find("Content-Length");
    return at == std::string_view::npos || head.find('5', at) == std::string_view::npos ? "" : "hello";
}

std::vector<Case> cases() {
    std::vector<Case> out;
    auto add = [&](std::string_view name, std::string bytes, bool accepted) {
        std::string mark = " /api/" + std::to_string(out.size()) + " HTTP";
        std::size_t at = bytes.find(" / HTTP");
        // The others are answered by bodega's own routes.
        if (at != std::string::npos) out.push_back({std::string(name), mark, bytes.replace(at, 7, mark), accepted});
    };
    for (auto vectors : {request_line_vectors(), request_field_vectors(), request_framing_vectors()})
        for (const RequestVector& vector : vectors)
            if (vector.seen.find(":1000000000000000000 ") == std::string_view::npos)
                add(vector.name, std::string(vector.bytes) + body_for(vector.bytes), vector.status == 0);
    constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const ChunkedVector& vector : chunked_vectors())
        add(vector.name, std::string(kHead) + std::string(vector.bytes),
            vector.state == http::ChunkedDecoder::State::end);
    return out;
}

// The same number of messages with the same methods and bodies; targets may be written in another form.
bool is_same(std::span<const Message> a, std::span<const Message> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Message& x, const Message& y) { return x.method == y.method && x.body == y.body; });
}

// Every kind of upstream reads the same complete messages.
void check_one_reading(const std::string& passed, const Reading& strict) {
    REQUIRE(strict.rest.empty());
    for (const Manners& manners : all_manners()) REQUIRE(read_messages(passed, manners) == strict);
}

}  // namespace

TEST_CASE("requests that the edge passes on are unambiguous, and accepted by other parsers", "[edge][differential]") {
    EdgeFixture fixture;
    TempFolder folder;
    Tape tape;
    RawUpstream app(fixture.socket(), std::ref(tape));
    Front nginx = Front::nginx(folder / "", fixture.socket());
    Front haproxy = Front::haproxy(folder / "", fixture.socket());
    int passed = 0, passed_by_all = 0;
    for (const Case& c : cases()) {
        INFO(c.name);
        std::string all = c.bytes + std::string(kLast);
        std::string forwarded = pass(tape, fixture.url(), all, c.mark);
        Reading strict = read_messages(forwarded, {});
        if (c.accepted) check_one_reading(forwarded, strict);
        std::vector<Message> own = vectors_own(strict);
        CHECK(own.empty() != c.accepted);
        if (own.empty()) continue;
        std::vector<Message> by_nginx = vectors_own(read_messages(pass(tape, nginx.url(), all, c.mark), {}));
        std::vector<Message> by_haproxy = vectors_own(read_messages(pass(tape, haproxy.url(), all, c.mark), {}));
        CHECK_FALSE((by_nginx.empty() && by_haproxy.empty()));
        if (!by_nginx.empty()) CHECK(is_same(own, by_nginx));
        if (!by_haproxy.empty()) CHECK(is_same(own, by_haproxy));
        ++passed;
        if (!by_nginx.empty() && !by_haproxy.empty()) ++passed_by_all;
    }
    // So that the test can't pass by passing nothing on.
    CHECK(passed >= 40);
    CHECK(passed_by_all >= 30);
}
