// The duplex pipe: order, limits, notifications and its end, with a thread on each side.
#include "base/duplex_pipe.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <thread>

namespace bodega {
namespace {

using base::DuplexPipe;
using base::PipeListener;
using std::chrono::milliseconds;

iovec piece(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

std::optional<std::size_t> send(DuplexPipe& pipe, std::string_view text) {
    const iovec pieces[] = {piece(text)};
    return pipe.client_send(pieces);
}

DuplexPipe::Io answer(DuplexPipe& pipe, std::string_view text, milliseconds limit = milliseconds(5000)) {
    const iovec pieces[] = {piece(text)};
    return pipe.server_send(pieces, limit);
}

std::string received(DuplexPipe& pipe, milliseconds limit = milliseconds(0)) {
    std::string to(1 << 20, '\0');
    to.resize(pipe.server_receive(to, limit).bytes);
    return to;
}

std::string read_answer(DuplexPipe& pipe) {
    std::string to(1 << 20, '\0');
    to.resize(pipe.client_receive(to));
    return to;
}

}  // namespace

TEST_CASE("a pipe carries bytes in order, both ways", "[pipe]") {
    DuplexPipe pipe;
    const iovec pieces[] = {piece("GET "), piece(""), piece("/")};
    CHECK(pipe.client_send(pieces) == 5);
    CHECK(send(pipe, " HTTP/1.1") == 9);
    CHECK(received(pipe) == "GET / HTTP/1.1");
    CHECK(pipe.server_receive({}, milliseconds(0)).status == DuplexPipe::Io::timeout);
    CHECK(answer(pipe, "200") == DuplexPipe::Io::done);
    CHECK(answer(pipe, " OK") == DuplexPipe::Io::done);
    CHECK(read_answer(pipe) == "200 OK");
    CHECK(read_answer(pipe).empty());
}

TEST_CASE("the client is notified of bytes, room and the end, and of nothing after its own close", "[pipe]") {
    DuplexPipe pipe;
    int told = 0;
    pipe.client_open([&] { ++told; });
    CHECK_FALSE(pipe.client_view().readable);
    answer(pipe, "a");
    answer(pipe, "b");
    CHECK(told == 1);  // the first was not read yet
    CHECK(pipe.client_view().readable);
    CHECK(read_answer(pipe) == "ab");
    answer(pipe, "c");
    CHECK(told == 2);

    std::string much(DuplexPipe::kCapacity + 1000, 'x');
    CHECK(send(pipe, much) == DuplexPipe::kCapacity);
    CHECK_FALSE(pipe.client_view().writable);
    CHECK(told == 2);
    CHECK(received(pipe).size() == DuplexPipe::kCapacity);
    CHECK(told == 3);
    CHECK(pipe.client_view().writable);

    pipe.server_shut_writing();
    CHECK(told == 4);
    CHECK(pipe.client_view().ended);
    CHECK_FALSE(pipe.client_view().broken);
    CHECK(read_answer(pipe) == "c");  // bytes sent before can still be read
    pipe.client_close();
    pipe.server_close();
    CHECK(told == 4);
    CHECK(answer(pipe, "late") == DuplexPipe::Io::ended);
    CHECK_FALSE(send(pipe, "late"));
}

TEST_CASE("a watch is called once, for bytes or the end", "[pipe]") {
    DuplexPipe pipe;
    int arrived = 0;
    CHECK(pipe.server_watch([&] { ++arrived; }));
    send(pipe, "a");
    send(pipe, "b");
    CHECK(arrived == 1);
    CHECK_FALSE(pipe.server_watch([&] { ++arrived; }));  // bytes are already there
    CHECK(received(pipe) == "ab");
    CHECK(pipe.server_watch([&] { ++arrived; }));
    pipe.client_shut_writing();
    CHECK(arrived == 2);
    CHECK_FALSE(pipe.server_watch([&] { ++arrived; }));
    CHECK(pipe.server_receive({}, milliseconds(0)).status == DuplexPipe::Io::ended);
    CHECK(arrived == 2);
}

TEST_CASE("a server that fills the pipe waits for room, until its time limit or the end", "[pipe]") {
    DuplexPipe pipe;
    const std::string much(DuplexPipe::kCapacity + 1000, 'x');
    CHECK(answer(pipe, much, milliseconds(10)) == DuplexPipe::Io::timeout);
    CHECK(read_answer(pipe).size() == DuplexPipe::kCapacity);
    std::thread reader([&] {
        std::this_thread::sleep_for(milliseconds(20));
        pipe.client_close();
    });
    CHECK(answer(pipe, much + much) == DuplexPipe::Io::ended);
    reader.join();
}

TEST_CASE("a large transfer passes through a pipe while both sides work", "[pipe]") {
    DuplexPipe pipe;
    std::atomic<int> told{0};
    pipe.client_open([&] { ++told; });
    std::string sent;
    for (int i = 0; sent.size() < 4 * DuplexPipe::kCapacity; ++i) sent += std::to_string(i) + ",";
    std::thread server([&] {
        std::string echo;
        while (echo.size() < sent.size()) echo += received(pipe, milliseconds(1000));
        answer(pipe, echo);
        pipe.server_close();
    });
    std::string_view left = sent;
    std::string back;
    while (back.size() < sent.size()) {
        const int before = told;
        const auto taken = send(pipe, left);
        if (taken) left.remove_prefix(*taken);
        const std::string some = read_answer(pipe);
        back += some;
        while (some.empty() && taken.value_or(0) == 0 && told == before) std::this_thread::yield();
    }
    server.join();
    CHECK(back == sent);
    CHECK(pipe.client_view().broken);
}

TEST_CASE("a listener passes pipes to accept(), refuses over its limit, and closes open ones", "[pipe]") {
    PipeListener listener;
    CHECK(listener.connect() == nullptr);
    std::vector<std::shared_ptr<DuplexPipe>> accepted;
    listener.accept_with([&](std::shared_ptr<DuplexPipe> pipe) { accepted.push_back(std::move(pipe)); });
    const auto one = listener.connect();
    const auto other = listener.connect();
    REQUIRE(accepted.size() == 2);
    CHECK(accepted[0] == one);
    listener.refuse();
    CHECK(listener.connect() == nullptr);
    CHECK(send(*one, "still") == 5);
    listener.cut();
    CHECK(one->client_view().broken);
    CHECK(other->client_view().broken);
}

}  // namespace bodega
