// Plain blocking sockets for tests of the edge: a raw client, and an upstream that records what reaches it.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/fd.h"

namespace bodega::test {

using namespace std::chrono_literals;
using Millis = std::chrono::milliseconds;

// A stream socket whose reads and writes time out.
class Stream {
public:
    explicit Stream(base::Fd fd, Millis patience = 10s);
    Stream(Stream&&) = default;
    Stream& operator=(Stream&&) = default;
    virtual ~Stream() = default;

    bool send(std::string_view bytes);  // false: the peer is gone
    // At most `most` bytes; empty at the end, after an error, or if nothing came in time (then timed_out()).
    std::string receive(std::size_t max = 64 << 10);
    std::string receive_exactly(std::size_t count);
    std::string receive_until(std::string_view mark);  // including the mark; later bytes are kept for the next call
    std::string receive_all();                         // to the end
    bool timed_out() const noexcept { return timed_out_; }
    bool is_reset() const noexcept { return reset_; }
    void give_patience(Millis patience);
    void end_sending();
    void close() { fd_.reset(); }
    void close_by_reset();
    int fd() const noexcept { return fd_.get(); }

protected:
    // As send(2) and recv(2).
    virtual ssize_t write_some(const char* bytes, std::size_t count);
    virtual ssize_t read_some(char* out, std::size_t max);

private:
    base::Fd fd_;
    std::string kept_;
    bool timed_out_ = false;
    bool reset_ = false;
};

struct Reply {
    int status = 0;
    std::string head;                           // through the blank line; empty: none came
    std::map<std::string, std::string> fields;  // names in lower case; the last of each
    std::string body;                           // decoded
    bool whole = false;

    std::string field(const std::string& name) const;
};

// A client's connection to `url` ("http://127.0.0.1:4711").
class RawClient : public Stream {
public:
    explicit RawClient(const std::string& url, int receive_buffer = 0);

    Reply reply(std::string_view method = "GET");
    Reply ask(std::string_view request, std::string_view method = "GET");
};

// A request as the upstream saw it.
struct Seen {
    std::string head;
    std::string body;  // raw: with its chunks' framing

    std::string content() const;  // without
};

// Listens on a unix socket ("/path"), or on a port of 127.0.0.1 ("0": a free one); `serve` runs once for each
// connection, on a separate thread.
class RawUpstream {
public:
    using Serve = std::function<void(Stream&)>;

    RawUpstream(std::string path, Serve serve);
    ~RawUpstream();

    int connections() const noexcept { return connections_; }
    std::string port() const;
    std::string address() const;  // in the form of [[edge.upstreams]]: "127.0.0.1:5000" or "unix:/path"

private:
    void accept_all();

    const std::string path_;
    Serve serve_;
    base::Fd listener_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> connections_{0};
    std::mutex mutex_;
    std::vector<std::unique_ptr<Stream>> streams_;  // protected by mutex_
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

// Reads one request from the stream, its body by its own framing; nullopt at the end.
std::optional<Seen> read_request(Stream& stream);
std::string decode_chunks(std::string_view raw);

// A `serve` that answers every request with `answer`, and records the requests.
class Recorder {
public:
    using Answer = std::function<std::string(const Seen&)>;

    explicit Recorder(Answer answer) : answer_(std::move(answer)) {}
    void operator()(Stream& stream);
    std::vector<Seen> seen() const;

private:
    Answer answer_;
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;  // protected by mutex_
};

// An answer with a length.
std::string ok(std::string_view body, std::string_view fields = "");

std::string random_bytes(std::size_t count, unsigned seed);

}  // namespace bodega::test
