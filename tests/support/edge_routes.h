// Rows of [[edge.upstreams]] and [[edge.routes]], and requests, in one line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/edge_fixture.h"

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

// EdgeFixture::quick() with everything routed to this upstream.
inline config::Edge routed_to(config::Upstream row) {
    config::Edge out = EdgeFixture::quick();
    out.routes = {route("", "/", "upstream:" + row.name)};
    out.upstreams = {std::move(row)};
    return out;
}

inline std::string get(const std::string& target, const std::string& host = "h") {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

// fields: more field lines, each with its line end.
inline std::string post(const std::string& target, const std::string& body, const std::string& fields = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace bodega::test
