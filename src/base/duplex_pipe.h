// A pair of byte streams in one process, between an event loop and a thread that may block. It works like a pair of
// connected unix sockets, but in user space: a request costs no system call while both sides are awake.
//
// The event loop calls the client_ functions, which never block: a callback tells it when it can continue. The thread
// calls the server_ functions, which may block. Each direction buffers at most kCapacity bytes. Thread-safe.
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"

namespace bodega::base {

class DuplexPipe {
public:
    static constexpr std::size_t kCapacity = 128 << 10;

    DuplexPipe() = default;
    DuplexPipe(const DuplexPipe&) = delete;
    DuplexPipe& operator=(const DuplexPipe&) = delete;

    // --- client side

    // Sets the callback for new bytes, new room and the end of a stream. It runs on any thread, with the pipe's mutex
    // locked, so it must be short and must not call the pipe. It is never called after client_close() has returned.
    void client_open(std::function<void()> notify);
    void client_close();
    void client_shut_writing();

    struct View {
        std::size_t bytes;  // bytes that can be read now
        bool readable;      // there are bytes to read, or the server's stream has ended
        bool writable;      // there is room to write, or the client's stream has ended
        bool ended;         // the server sends no more bytes
        bool broken;        // both directions have ended
    };
    View client_view();
    // Returns the number of bytes accepted. If it is fewer than offered, `notify` is called when there is room. Returns
    // nullopt if the stream to the server has ended.
    std::optional<std::size_t> client_send(std::span<const iovec> pieces);
    // Returns the number of bytes read. Returns 0 if there is nothing to read now, or if the stream has ended.
    std::size_t client_receive(std::span<char> to);

    // --- server side

    enum class Io : unsigned char { done, timeout, ended };
    struct Received {
        Io status;
        std::size_t bytes;
    };
    Received server_receive(std::span<char> to, std::chrono::milliseconds limit);
    // Sends all pieces; waits for room. Returns Io::timeout if no room became free within `limit`. Some of the bytes
    // may have been sent by then.
    Io server_send(std::span<const iovec> pieces, std::chrono::milliseconds limit);
    void server_shut_writing();
    void server_close();  // closes both directions; wakes the client and the server

    // Calls `arrived` once, on the client's thread, when there is something to read or the stream ends. If there is
    // already something to read or the stream has ended, returns false and does not call `arrived`.
    bool server_watch(std::function<void()> arrived);

private:
    class Stream {  // the buffered bytes of one direction
    public:
        std::size_t size() const noexcept { return bytes_.size() - begin_; }
        std::size_t room() const noexcept { return kCapacity - size(); }
        // Appends the pieces without their first `skip` bytes, as far as there is room. Returns the number of appended
        // bytes.
        std::size_t append(std::span<const iovec> pieces, std::size_t skip);
        std::size_t take(std::span<char> to);
        void give_memory_back();  // frees the buffer if it is empty and larger than kKept
        bool ended = false;

    private:
        std::string bytes_;
        std::size_t begin_ = 0;
    };
    void notify_client() const REQUIRES(mutex_);
    std::function<void()> take_watch() REQUIRES(mutex_);

    Mutex mutex_;
    Condition moved_;
    Stream to_server_ GUARDED_BY(mutex_), to_client_ GUARDED_BY(mutex_);
    std::function<void()> notify_ GUARDED_BY(mutex_);
    std::function<void()> arrived_ GUARDED_BY(mutex_);
    bool server_waits_ GUARDED_BY(mutex_) = false;  // the server's thread waits on moved_
    bool client_wants_room_ GUARDED_BY(mutex_) = false;
};

// Connects clients to a server in the same process. Thread-safe.
class PipeListener {
public:
    // Returns nullptr if no server accepts connections.
    std::shared_ptr<DuplexPipe> connect();

    // Sets the function that gets each new pipe for the server. It runs on the thread that called connect().
    void accept_with(std::function<void(std::shared_ptr<DuplexPipe>)> accept);
    void refuse();  // stops accepting; open pipes stay open; may be called twice
    void cut();     // closes all open pipes

private:
    Mutex mutex_;
    std::function<void(std::shared_ptr<DuplexPipe>)> accept_ GUARDED_BY(mutex_);
    std::vector<std::weak_ptr<DuplexPipe>> open_ GUARDED_BY(mutex_);
};

}  // namespace bodega::base
