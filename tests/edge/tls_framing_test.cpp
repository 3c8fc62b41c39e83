// The framing vectors over TLS: whole, and with each byte in a record of its own.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_vectors.h"
#include "support/tls_house.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kSmuggled = "GET /api/smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

std::string aimed(std::string_view bytes) {
    std::string out(bytes);
    std::size_t at = out.find(" / HTTP");
    return at == std::string::npos ? out : out.replace(at, 3, " /api/v ");
}

enum class Records : bool { one, each_byte };

// Clients of one session: most of what a handshake costs is spared.
class Sender {
public:
    explicit Sender(TlsHouse& house) : house_(house) {
        TlsClient first = house.client();
        REQUIRE(first.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
        wishes_.session = first.session();
    }

    TlsClient send(const std::string& bytes, Records records) {
        TlsClient client = house_.client(wishes_);
        REQUIRE(client.resumed());
        if (records == Records::one) client.send(bytes);
        for (std::size_t i = 0; records == Records::each_byte && i < bytes.size(); ++i)
            if (!client.send(bytes.substr(i, 1))) break;
        return client;
    }

private:
    TlsHouse& house_;
    TlsWishes wishes_;
};

void check_refused(Sender& sender, const std::string& bytes, int status) {
    for (Records records : {Records::one, Records::each_byte}) {
        INFO((records == Records::one ? "in one record" : "byte by byte"));
        TlsClient client = sender.send(bytes + std::string(kSmuggled), records);
        Reply reply = client.reply();
        REQUIRE(reply.status == status);
        REQUIRE(reply.field("connection") == "close");
        REQUIRE(client.receive_all().empty());
        REQUIRE_FALSE(client.timed_out());
    }
}

}  // namespace

TEST_CASE("requests over TLS that are refused close, and pass nothing on", "[edge][tls][raw]") {
    TlsHouse house;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(house->socket(), std::ref(recorder));
    Sender sender(house);
    for (auto vectors : {request_line_vectors(), request_field_vectors(), request_framing_vectors()}) {
        for (const RequestVector& vector : vectors) {
            if (vector.status == 0) continue;
            INFO(vector.name);
            check_refused(sender, aimed(vector.bytes), vector.status);
        }
    }
    CHECK(recorder.seen().empty());
}

TEST_CASE("chunked bodies over TLS reach the app as they were meant, or not at all", "[edge][tls][raw]") {
    TlsHouse house;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(house->socket(), std::ref(recorder));
    Sender sender(house);
    const std::string head = "POST /api/v HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const ChunkedVector& vector : chunked_vectors()) {
        if (vector.state == edge::ChunkedDecoder::State::more) continue;
        INFO(vector.name);
        const std::string bytes = head + std::string(vector.bytes);
        if (vector.state == edge::ChunkedDecoder::State::malformed) {
            check_refused(sender, bytes, 400);
            continue;
        }
        for (Records records : {Records::one, Records::each_byte}) {
            TlsClient client = sender.send(bytes, records);
            REQUIRE(client.reply().status == 200);
            REQUIRE(recorder.seen().back().content() == vector.data);
        }
    }
    for (const Seen& seen : recorder.seen()) CHECK(seen.head.find("smuggled") == std::string::npos);
}
