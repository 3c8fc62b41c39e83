// An HTTP/2 connection on a loop: whatever its client sends, in whatever pieces, it ends, it sent valid frames, and it
// leaves nothing allocated.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "edge/exchange/answer.h"
#include "edge/exchange/handler.h"
#include "edge/http2/http2_connection.h"
#include "edge/proxy/prober.h"
#include "fuzz/seeds.h"
#include "support/http2_frames.h"

using namespace bodega;
using fuzz::require;

// The default of the options; no name is resolved here.
std::vector<net::Endpoint> net::resolve_name(const std::string&, std::uint16_t) { return {}; }

namespace {

using namespace test;

// The client's bytes, one part in each turn of the loop; then the client leaves.
struct Script {
    std::string_view parts[2];
    std::size_t next = 0;
    std::string said;  // by the server
};

class ScriptedTransport final : public net::Transport {
public:
    explicit ScriptedTransport(Script& script) : Transport(nullptr), script_(script) {}

    net::IoResult receive(net::Buffer& buffer, std::size_t limit, net::Buffer::Room) override {
        net::IoResult result = receive(buffer.space(limit));
        buffer.commit(result.bytes);
        return result;
    }
    net::IoResult receive(std::span<char> space) override {
        if (script_.next > 2) return {net::Io::ended};
        std::string_view& part = script_.parts[script_.next == 0 ? 0 : script_.next - 1];
        if (script_.next == 0 || part.empty()) return {net::Io::blocked};
        std::size_t count = std::min(space.size(), part.size());
        std::copy_n(part.begin(), count, space.begin());
        part.remove_prefix(count);
        readable_ = !part.empty();
        return {net::Io::done, count};
    }
    net::IoResult send(std::span<const iovec> pieces, More) noexcept override {
        for (const iovec& piece : pieces) script_.said.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
        std::size_t count = 0;
        for (const iovec& piece : pieces) count += piece.iov_len;
        return {net::Io::done, count};
    }
    net::IoResult send_file(int, off_t&, std::size_t) noexcept override { return {net::Io::failed}; }
    void shut_writing() noexcept override {}
    void go_on() { wakeup_->notify(); }

private:
    Script& script_;
};

// Reads any body and answers with its length.
class Counter final : public edge::Handler {
public:
    net::Task<void> handle(edge::Exchange& x) override {
        std::size_t count = 0;
        for (;;) {
            edge::Exchange::Body body = x.poll_body();
            if (body == edge::Exchange::Body::complete) break;
            if (body == edge::Exchange::Body::bytes) {
                count += x.body_bytes().size();
                x.consume_body(x.body_bytes().size());
                continue;
            }
            if (body != edge::Exchange::Body::pending) co_return;
            net::Wake wake = co_await x.wakeup().wait(x.deadline());
            if (wake != net::Wake::event) co_return;
        }
        edge::answer_text(x, 200, std::string(count % 5000, 'x'));
    }
};

edge::Options quick() {
    edge::Options out;
    out.settings.max_head = 4096;
    out.settings.buffer = 16 << 10;
    return out;
}

void check_frames(std::string_view said) {
    while (!said.empty()) {
        require(said.size() >= 9, "a frame's header is cut");
        auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(said[at])); };
        std::size_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
        require(length <= 16384 && said.size() >= 9 + length, "a frame is too long, or cut");
        require(byte(3) <= 9 && byte(3) != 5, "a frame of another type");
        said.remove_prefix(9 + length);
    }
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    std::string settings = http2::frame(http2::kSettings, 0, 0, http2::setting(4, 100));
    std::string get = http2::frame(http2::kHeaders, 5, 1, http2::literals(http2::get("/a?b", {{"cookie", "a=1"}})));
    std::string put = http2::frame(http2::kHeaders, 4, 3, http2::literals(http2::put("/x", {{"content-length", "5"}})));
    std::string body = http2::frame(http2::kData, 1, 3, "hello");
    std::string bomb = http2::literals(http2::get("/")) + http2::literal_indexed("x", std::string(300, 'x'));
    std::vector<std::string> out = {
        settings + get,
        settings + put + body,
        settings + put + http2::frame(http2::kReset, 0, 3, http2::number(8)),
        settings + put + http2::frame(http2::kData, 9, 3, "\x01hello-"),
        settings + get + http2::frame(http2::kWindow, 0, 1, http2::number(1)) +
            http2::frame(http2::kPing, 0, 0, "12345678"),
        settings + http2::frame(http2::kHeaders, 1, 1, bomb) + http2::frame(http2::kContinuation, 4, 1, "\xbe\xbe\xbe"),
        settings + put + http2::frame(http2::kHeaders, 5, 3, http2::literals({{"x", "y"}})),
        settings + http2::frame(http2::kSettings, 1, 0) + http2::frame(http2::kGoaway, 0, 0, std::string(8, '\0')),
        settings + http2::frame(http2::kPriority, 0, 1, std::string(5, '\0')) + http2::frame(77, 0, 0, "x"),
    };
    for (std::string& seed : out) seed += '\x20';
    return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t cut = fuzz::take_cut(bytes);
    edge::Options options = quick();
    edge::LoopSettings settings;
    settings.edge = options.settings;
    edge::LoopContext context(options, {}, settings);
    Counter counter;
    context.handler = &counter;
    edge::ConnectionCount count(10, 10);
    require(count.admit("x") == edge::ConnectionCount::Verdict::admitted, "a place");
    Script script{{bytes.substr(0, cut), bytes.substr(cut)}, 0, {}};
    auto stream = std::make_unique<ScriptedTransport>(script);
    ScriptedTransport* seen = stream.get();
    int turns = 0;
    std::function<void()> next = [&] {
        if (context.connections.size() == 0) return context.loop.stop();
        require(++turns < 1000, "it does not end");
        if (script.next < 3) ++script.next;
        seen->go_on();
        context.loop.post(next);
    };
    context.loop.post(next);
    edge::serve_http2(std::make_unique<edge::Http2Connection>(context, std::move(stream), edge::Peer{"::1"},
                                                              edge::Place(count, "x"), http2::kPreface));
    context.loop.run();
    check_frames(script.said);
    require(context.buffer_pool.held() == 0, "memory is left");
    require(count.total() == 0, "its place is left");
    return 0;
}
