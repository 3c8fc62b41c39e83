// Sends single HTTP/1.1 requests, each on its own connection, to a service on this machine or nearby. Blocking.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodega::server {

struct PlainAnswer {
    int status = 0;
    std::string body;
};

class PlainHttp {
public:
    static constexpr std::size_t kMostBytes = 16 << 10;  // of a response, including its head

    // url: "http://HOST" or "http://HOST:PORT", with an IPv6 address in brackets. `limit`: time for a whole request.
    PlainHttp(std::string_view url, std::chrono::milliseconds limit);

    // Throws Error{unavailable} if no complete response arrives within the limit, or if it is too large. Requires: no
    // CR or LF in the arguments.
    PlainAnswer ask(std::string_view method, std::string_view path,
                    const std::vector<std::pair<std::string_view, std::string>>& fields) const;

private:
    const std::string authority_;
    const std::chrono::milliseconds limit_;
    std::string host_, port_;
};

}  // namespace bodega::server
