// A pair of byte streams in one process, between an event loop and a thread that may block. It works like a pair of
// connected unix sockets, but in user space: a request costs no system call while both sides are awake.
//
// The event loop has the client's end, which never blocks: it is notified when it can continue. The server's end
// blocks, or is notified once when there is something to read. Each direction holds at most kCapacity bytes.
// Thread-safe.
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

    // --- the client's end

    // Sets `notify`. Any thread may call it when there is something to read, room to write, or the end of a stream. It
    // is never called after client_close() has returned. It must be short and must not call this pipe.
    void client_open(std::function<void()> notify);
    void client_close();
    void client_shut_writing();

    struct View {
        std::size_t bytes;  // number of bytes to read
        bool readable;      // there are bytes, or the stream has ended
        bool writable;      // there is room, or the server closed its end
        bool ended;         // the server's end sends no more
        bool broken;        // the server's end reads no more
    };
    View client_view();
    // Returns the number of bytes accepted. If that is fewer than offered, `notify` is called when there is room.
    // Returns nullopt if the server's end is closed.
    std::optional<std::size_t> client_send(std::span<const iovec> pieces);
    // Returns the number of bytes read. Returns 0 if there is nothing to read now, or if the stream has ended.
    std::size_t client_receive(std::span<char> to);

    // --- the server's end

    enum class Io : unsigned char { done, timeout, ended };
    struct Received {
        Io status;
        std::size_t bytes;
    };
    Received server_receive(std::span<char> to, std::chrono::milliseconds limit);
    // Sends all pieces. Returns Io::timeout if there was no room for as long as `limit`; the first bytes may have been
    // sent.
    Io server_send(std::span<const iovec> pieces, std::chrono::milliseconds limit);
    void server_shut_writing();
    void server_close();  // closes both directions and wakes both ends

    // Calls `arrived` once, on the client's thread, when there is something to read or the stream ends. Returns false
    // if one of these is already the case; `arrived` is then not called.
    bool server_watch(std::function<void()> arrived);

private:
    class Stream {  // one direction
    public:
        std::size_t size() const noexcept { return bytes_.size() - begin_; }
        std::size_t room() const noexcept { return kCapacity - size(); }
        // Returns the number of bytes for which there was room.
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
    // Returns nullptr if no server accepts.
    std::shared_ptr<DuplexPipe> connect();

    // Sets the function that takes new pipes; it is called on the connecting thread.
    void accept_with(std::function<void(std::shared_ptr<DuplexPipe>)> accept);
    void refuse();  // stops accepting; open pipes continue; may be called twice
    void cut();     // closes all open pipes

private:
    Mutex mutex_;
    std::function<void(std::shared_ptr<DuplexPipe>)> accept_ GUARDED_BY(mutex_);
    std::vector<std::weak_ptr<DuplexPipe>> open_ GUARDED_BY(mutex_);
};

}  // namespace bodega::base
