// The channel: order, bounds, who is told what when, and its end; with a thread on each side.
#include "base/duplex_pipe.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <thread>

namespace bodega {
namespace {

using base::Channel;
using base::ChannelListener;
using std::chrono::milliseconds;

iovec piece(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

std::optional<std::size_t> send(Channel& channel, std::string_view text) {
    const iovec pieces[] = {piece(text)};
    return channel.client_send(pieces);
}

Channel::Io answer(Channel& channel, std::string_view text, milliseconds limit = milliseconds(5000)) {
    const iovec pieces[] = {piece(text)};
    return channel.server_send(pieces, limit);
}

std::string received(Channel& channel, milliseconds limit = milliseconds(0)) {
    std::string to(1 << 20, '\0');
    to.resize(channel.server_receive(to, limit).bytes);
    return to;
}

std::string read_answer(Channel& channel) {
    std::string to(1 << 20, '\0');
    to.resize(channel.client_receive(to));
    return to;
}

}  // namespace

TEST_CASE("a channel carries bytes in order, both ways", "[channel]") {
    Channel channel;
    const iovec pieces[] = {piece("GET "), piece(""), piece("/")};
    CHECK(channel.client_send(pieces) == 5);
    CHECK(send(channel, " HTTP/1.1") == 9);
    CHECK(received(channel) == "GET / HTTP/1.1");
    CHECK(channel.server_receive({}, milliseconds(0)).status == Channel::Io::timeout);
    CHECK(answer(channel, "200") == Channel::Io::done);
    CHECK(answer(channel, " OK") == Channel::Io::done);
    CHECK(read_answer(channel) == "200 OK");
    CHECK(read_answer(channel).empty());
}

TEST_CASE("the client is told of bytes, room and the end, and of nothing after it closed", "[channel]") {
    Channel channel;
    int told = 0;
    channel.client_open([&] { ++told; });
    CHECK_FALSE(channel.client_view().readable);
    answer(channel, "a");
    answer(channel, "b");
    CHECK(told == 1);  // the first was not read yet
    CHECK(channel.client_view().readable);
    CHECK(read_answer(channel) == "ab");
    answer(channel, "c");
    CHECK(told == 2);

    std::string much(Channel::kCapacity + 1000, 'x');
    CHECK(send(channel, much) == Channel::kCapacity);
    CHECK_FALSE(channel.client_view().writable);
    CHECK(told == 2);
    CHECK(received(channel).size() == Channel::kCapacity);
    CHECK(told == 3);
    CHECK(channel.client_view().writable);

    channel.server_shut_writing();
    CHECK(told == 4);
    CHECK(channel.client_view().ended);
    CHECK_FALSE(channel.client_view().broken);
    CHECK(read_answer(channel) == "c");  // what was said before is still heard
    channel.client_close();
    channel.server_close();
    CHECK(told == 4);
    CHECK(answer(channel, "late") == Channel::Io::ended);
    CHECK_FALSE(send(channel, "late"));
}

TEST_CASE("a watch is called once, for bytes or the end", "[channel]") {
    Channel channel;
    int arrived = 0;
    CHECK(channel.server_watch([&] { ++arrived; }));
    send(channel, "a");
    send(channel, "b");
    CHECK(arrived == 1);
    CHECK_FALSE(channel.server_watch([&] { ++arrived; }));  // there is something already
    CHECK(received(channel) == "ab");
    CHECK(channel.server_watch([&] { ++arrived; }));
    channel.client_shut_writing();
    CHECK(arrived == 2);
    CHECK_FALSE(channel.server_watch([&] { ++arrived; }));
    CHECK(channel.server_receive({}, milliseconds(0)).status == Channel::Io::ended);
    CHECK(arrived == 2);
}

TEST_CASE("a server that sends too much waits for room, until its limit or the end", "[channel]") {
    Channel channel;
    const std::string much(Channel::kCapacity + 1000, 'x');
    CHECK(answer(channel, much, milliseconds(10)) == Channel::Io::timeout);
    CHECK(read_answer(channel).size() == Channel::kCapacity);
    std::thread reader([&] {
        std::this_thread::sleep_for(milliseconds(20));
        channel.client_close();
    });
    CHECK(answer(channel, much + much) == Channel::Io::ended);
    reader.join();
}

TEST_CASE("much goes through a channel while both sides work", "[channel]") {
    Channel channel;
    std::atomic<int> told{0};
    channel.client_open([&] { ++told; });
    std::string sent;
    for (int i = 0; sent.size() < 4 * Channel::kCapacity; ++i) sent += std::to_string(i) + ",";
    std::thread server([&] {
        std::string echo;
        while (echo.size() < sent.size()) echo += received(channel, milliseconds(1000));
        answer(channel, echo);
        channel.server_close();
    });
    std::string_view left = sent;
    std::string back;
    while (back.size() < sent.size()) {
        const int before = told;
        const auto taken = send(channel, left);
        if (taken) left.remove_prefix(*taken);
        const std::string some = read_answer(channel);
        back += some;
        while (some.empty() && taken.value_or(0) == 0 && told == before) std::this_thread::yield();
    }
    server.join();
    CHECK(back == sent);
    CHECK(channel.client_view().broken);
}

TEST_CASE("a listener hands channels to who accepts, refuses, and cuts what is open", "[channel]") {
    ChannelListener listener;
    CHECK(listener.connect() == nullptr);
    std::vector<std::shared_ptr<Channel>> accepted;
    listener.accept_with([&](std::shared_ptr<Channel> channel) { accepted.push_back(std::move(channel)); });
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
