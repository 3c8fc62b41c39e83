// One request of HTTP/1.1 over a connection of its own, to a service on this machine or next to it. Blocking.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodega::cli {

struct PlainAnswer {
    int status = 0;
    std::string body;
};

class PlainHttp {
public:
    static constexpr std::size_t kMostBytes = 16 << 10;  // of an answer, its head included

    // url: "http://HOST" or "http://HOST:PORT", an IPv6 address in brackets; `limit`: for a whole request.
    PlainHttp(std::string_view url, std::chrono::milliseconds limit);

    // Throws Error{unavailable} if there is no whole answer within the limit, or it is larger.
    // Requires: no CR or LF in what is given.
    PlainAnswer ask(std::string_view method, std::string_view path,
                    const std::vector<std::pair<std::string_view, std::string>>& fields) const;

private:
    const std::string authority_;
    const std::chrono::milliseconds limit_;
    std::string host_, port_;
};

}  // namespace bodega::cli
