// Raw bytes from an upstream: an ambiguous or malformed answer is a 502, and its connection is not reused.
#include <catch2/catch_test_macros.hpp>

#include "base/log.h"
#include "support/edge_fixture.h"
#include "support/edge_vectors.h"

using namespace bodega;
using namespace bodega::test;

namespace {

// Bytes that an edge with other framing would read as another answer or as a body.
constexpr std::string_view kBehind = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";

// Answers every request with the vector, in two pieces that are split one byte later each time.
class Vector {
public:
    Vector(const ResponseVector& vector, std::string_view behind) : bytes_(vector.bytes) { bytes_ += behind; }

    void operator()(Stream& stream) {
        while (read_request(stream)) {
            std::size_t cut = cut_++ % (bytes_.size() + 1);
            if (!stream.send(bytes_.substr(0, cut))) return;
            if (cut % 7 == 0) std::this_thread::sleep_for(1ms);
            if (!stream.send(bytes_.substr(cut))) return;
            if (ends_) return;
        }
    }
    void end_after_each() { ends_ = true; }

private:
    std::string bytes_;
    std::atomic<std::size_t> cut_{0};
    bool ends_ = false;
};

constexpr std::string_view kRequest = "GET /api/v HTTP/1.1\r\nHost: h\r\n\r\n";

// Thousands of broken answers are thousands of warnings.
struct QuietLog {
    QuietLog() { base::log::configure(base::log::Level::error, base::log::Format::text); }
    QuietLog(const QuietLog&) = delete;
    QuietLog& operator=(const QuietLog&) = delete;
    ~QuietLog() { base::log::configure(base::log::Level::info, base::log::Format::text); }
};

// The complete body for the vector's framing.
std::string body_of(const ResponseVector& vector) {
    if (vector.seen.find("chunked") != std::string_view::npos) return "5\r\nhello\r\n0\r\n\r\n";
    if (vector.seen.find("until_close") != std::string_view::npos) return "hello";
    if (vector.seen.find("length:5") != std::string_view::npos) return "hello";
    return vector.seen.find("length:1") != std::string_view::npos ? "h" : "";
}

}  // namespace

TEST_CASE("a malformed answer is a 502, whatever follows it", "[edge][raw]") {
    QuietLog quiet;
    EdgeFixture fixture;
    for (const ResponseVector& vector : response_vectors()) {
        if (vector.accepted) continue;
        INFO(vector.name);
        Vector answers(vector, kBehind);
        RawUpstream app(fixture.socket(), std::ref(answers));
        RawClient client = fixture.client();
        for (std::size_t cut = 0; cut <= vector.bytes.size(); ++cut) {
            Reply reply = client.ask(kRequest);
            REQUIRE(reply.status == 502);
            REQUIRE(reply.body.find("smuggled") == std::string::npos);
        }
        CHECK(app.connections() == static_cast<int>(vector.bytes.size() + 1));
    }
}

TEST_CASE("an accepted answer passes with its meaning unchanged", "[edge][raw]") {
    QuietLog quiet;
    EdgeFixture fixture;
    for (const ResponseVector& vector : response_vectors()) {
        int status = vector.accepted ? std::stoi(std::string(vector.seen.substr(0, 3))) : 0;
        if (status < 200) continue;
        INFO(vector.name);
        std::string body = body_of(vector);
        Vector answers(vector, body);
        if (vector.seen.ends_with("close")) answers.end_after_each();
        RawUpstream app(fixture.socket(), std::ref(answers));
        RawClient client = fixture.client();
        for (std::size_t cut = 0; cut <= vector.bytes.size() + body.size(); ++cut) {
            Reply reply = client.ask(kRequest);
            REQUIRE(reply.status == status);
            REQUIRE(reply.whole);
            REQUIRE(reply.body == (body.find("hello") != std::string::npos ? "hello" : body));
        }
    }
}

TEST_CASE("bytes after a complete answer never answer the next request", "[edge][raw]") {
    EdgeFixture fixture;
    std::atomic<int> asked{0};
    RawUpstream app(fixture.socket(), [&](Stream& stream) {
        while (read_request(stream)) {
            ++asked;
            stream.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" + std::string(kBehind));
        }
    });
    RawClient client = fixture.client();
    for (int i = 0; i < 20; ++i) REQUIRE(client.ask(kRequest).body == "hello");
    CHECK(asked == 20);
    CHECK(app.connections() == 20);
}
