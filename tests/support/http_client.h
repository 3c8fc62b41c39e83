// A plain HTTP/1.1 client for tests: sends exactly the given bytes, and reads one answer at a time.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.h"

namespace bodega::test {

struct Answer {
    int status = 0;                                  // 0: the connection ended before an answer
    std::multimap<std::string, std::string> fields;  // names in lower case
    std::string head;                                // as it came
    std::string body;

    std::string field(const std::string& name) const;  // the first of that name; empty if absent
    std::string cookie(std::string_view name) const;   // the complete Set-Cookie of that name; empty: none
    nlohmann::json json() const;                       // discarded if it is not JSON
};

class HttpClient {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    // address: a unix socket's path, or "127.0.0.1:port".
    explicit HttpClient(std::string address) : address_(std::move(address)) {}

    // With Host, and Content-Length if there is a body; on the kept connection, or a new one.
    Answer send(std::string_view method, std::string_view target, const Fields& fields = {},
                std::string_view body = {});

    // Sends exactly these bytes, then reads one answer. `head`: the answer has no body, whatever its fields say.
    Answer raw(std::string_view bytes, bool head = false);

    void write(std::string_view bytes);
    Answer read(bool head = false);
    void close() {
        fd_.reset();
        buffer_.clear();
    }
    bool is_open() const { return static_cast<bool>(fd_); }

private:
    void connect();
    bool fill();
    std::string read_chunks();

    std::string address_;
    base::Fd fd_;
    std::string buffer_;
};

}  // namespace bodega::test
