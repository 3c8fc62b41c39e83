// Two byte streams between an event loop and a thread that may block, in one process: what a pair of connected unix
// sockets is, without the kernel's part. A request on it costs no system call while both sides are awake.
//
// The client's end never waits: it is told when it may go on. The server's end waits, or is told once when there is
// something to read. Each direction holds at most kCapacity bytes. Thread-safe.
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bodega::base {

class Channel {
public:
    static constexpr std::size_t kCapacity = 128 << 10;

    Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // --- the client's end

    // `notify` is called, on any thread and briefly, when there is something to read again, room again, or an end;
    // never after client_close() returned. Must not call the channel.
    void client_open(std::function<void()> notify);
    void client_close();
    void client_shut_writing();

    struct View {
        std::size_t bytes;  // to read
        bool readable;      // bytes or the end
        bool writable;      // room, or nobody to write to
        bool ended;         // the server's end sends no more
        bool broken;        // and takes no more
    };
    View client_view();
    // How many bytes were taken; fewer than offered: there is a notify when there is room. nullopt: nobody reads them.
    std::optional<std::size_t> client_send(std::span<const iovec> pieces);
    // How many bytes came; 0: none for now, or the end.
    std::size_t client_receive(std::span<char> to);

    // --- the server's end

    enum class Io : unsigned char { done, timeout, ended };
    struct Received {
        Io status;
        std::size_t bytes;
    };
    Received server_receive(std::span<char> to, std::chrono::milliseconds limit);
    // All of it. timeout: no room was made for that long; what was taken before is on its way.
    Io server_send(std::span<const iovec> pieces, std::chrono::milliseconds limit);
    void server_shut_writing();
    void server_close();  // both ways, whoever waits; thread-safe as everything

    // Calls `arrived` once, on the client's thread, when there is something to read or an end. False: there already
    // is, and it will not be called.
    bool server_watch(std::function<void()> arrived);

private:
    class Stream {  // one direction
    public:
        std::size_t size() const noexcept { return bytes_.size() - begin_; }
        std::size_t room() const noexcept { return kCapacity - size(); }
        std::size_t append(std::span<const iovec> pieces, std::size_t skip);  // as much as there is room for
        std::size_t take(std::span<char> to);
        void give_memory_back();  // if it is empty and has much
        bool ended = false;

    private:
        std::string bytes_;
        std::size_t begin_ = 0;
    };
    void notify_client() const;  // requires: mutex_
    std::function<void()> take_watch();

    std::mutex mutex_;  // protects all below
    std::condition_variable moved_;
    Stream to_server_, to_client_;
    std::function<void()> notify_;
    std::function<void()> arrived_;
    bool server_waits_ = false;  // on moved_
    bool client_wants_room_ = false;
};

// Where clients connect and a server accepts. Thread-safe.
class ChannelListener {
public:
    // nullptr: nobody accepts.
    std::shared_ptr<Channel> connect();

    // From now on; called on the connecting thread.
    void accept_with(std::function<void(std::shared_ptr<Channel>)> accept);
    void refuse();  // no more; harmless twice. Those that are open go on
    void cut();     // closes those that are open

private:
    std::mutex mutex_;
    std::function<void(std::shared_ptr<Channel>)> accept_;  // protected by mutex_, as is open_
    std::vector<std::weak_ptr<Channel>> open_;
};

}  // namespace bodega::base
