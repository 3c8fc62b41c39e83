// The framing vectors over TLS: in one record, split into two at every byte, and with one byte in each record.
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "support/edge_vectors.h"
#include "support/tls_edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kSmuggled = "GET /api/smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

std::string aimed(std::string_view bytes) {
    std::string out(bytes);
    std::size_t at = out.find(" / HTTP");
    return at == std::string::npos ? out : out.replace(at, 3, " /api/v ");
}

// The ends of all records but the last.
using Records = std::vector<std::size_t>;

// In a long uniform text some places stand for all.
bool is_worth_a_split(std::size_t at, std::size_t size) {
    constexpr std::size_t kAll = 1000, kEdge = 100;
    return size <= kAll || at < kEdge || size - at < kEdge || at % (size / kEdge) == 0;
}

// Ways to split `bytes` into records: one record, two records for each place to split, and one record for each byte.
std::vector<Records> ways_to_send(std::string_view bytes) {
    std::vector<Records> out{{}};
    Records each;
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        if (is_worth_a_split(at, bytes.size())) out.push_back({at});
        each.push_back(at);
    }
    out.push_back(std::move(each));
    return out;
}

// Clients that resume one session, which skips most of the handshake.
class Sender {
public:
    explicit Sender(TlsEdgeFixture& fixture) : fixture_(fixture) {
        TlsClient first = fixture.client();
        REQUIRE(first.ask("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
        wishes_.session = first.session();
    }

    TlsClient send(const std::string& bytes, const Records& records) {
        TlsClient client = fixture_.client(wishes_);
        REQUIRE(client.resumed());
        std::size_t begin = 0;
        for (std::size_t end : records) {
            if (!client.send(bytes.substr(begin, end - begin))) return client;
            begin = end;
        }
        client.send(bytes.substr(begin));
        return client;
    }

private:
    TlsEdgeFixture& fixture_;
    TlsWishes wishes_;
};

void check_refused(Sender& sender, const std::string& bytes, int status) {
    for (const Records& records : ways_to_send(bytes)) {
        INFO("split " << (records.empty() ? 0 : records.front()) << " of " << records.size());
        TlsClient client = sender.send(bytes + std::string(kSmuggled), records);
        Reply reply = client.reply();
        REQUIRE(reply.status == status);
        REQUIRE(reply.field("connection") == "close");
        REQUIRE(client.receive_all().empty());
        REQUIRE_FALSE(client.timed_out());
    }
}

}  // namespace

TEST_CASE("a refused request over TLS closes the connection, and nothing reaches the app", "[edge][tls][raw]") {
    TlsEdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    Sender sender(fixture);
    for (auto vectors : {request_line_vectors(), request_field_vectors(), request_framing_vectors()}) {
        for (const RequestVector& vector : vectors) {
            if (vector.status == 0 || vector.bytes.starts_with("GET https://a/ ")) continue;  // over TLS that is right
            INFO(vector.name);
            check_refused(sender, aimed(vector.bytes), vector.status);
        }
    }
    CHECK(recorder.seen().empty());
}

TEST_CASE("chunked bodies over TLS reach the app unchanged, or not at all", "[edge][tls][raw]") {
    TlsEdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    Sender sender(fixture);
    const std::string head = "POST /api/v HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const ChunkedVector& vector : chunked_vectors()) {
        if (vector.state == http::ChunkedDecoder::State::more) continue;
        INFO(vector.name);
        const std::string bytes = head + std::string(vector.bytes);
        if (vector.state == http::ChunkedDecoder::State::malformed) {
            check_refused(sender, bytes, 400);
            continue;
        }
        for (const Records& records : ways_to_send(bytes)) {
            TlsClient client = sender.send(bytes, records);
            REQUIRE(client.reply().status == 200);
            REQUIRE(recorder.seen().back().content() == vector.data);
        }
    }
    for (const Seen& seen : recorder.seen()) CHECK(seen.head.find("smuggled") == std::string::npos);
}
