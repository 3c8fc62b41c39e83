// Rows of [[edge.upstreams]] and [[edge.routes]], and requests, in one line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.h"

namespace bodega::test {

inline config::Upstream upstream(std::string name, std::vector<std::string> servers) {
    config::Upstream out;
    out.name = std::move(name);
    out.servers = std::move(servers);
    return out;
}

inline config::Route route(std::string host, std::string path, std::string to) {
    config::Route out;
    out.host = std::move(host);
    out.path = std::move(path);
    out.to = std::move(to);
    return out;
}

inline std::string get(const std::string& target, const std::string& host = "h") {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

}  // namespace bodega::test
