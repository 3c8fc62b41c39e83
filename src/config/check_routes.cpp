#include "config/check_routes.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "base/error.h"
#include "config/key.h"
#include "config/rate.h"
#include "config/route_parts.h"

namespace bodega::config {
namespace {

// A route may not set or remove these fields: they delimit the message, or describe the proxy's own connection.
constexpr std::string_view kOurs[] = {"connection", "content-length", "transfer-encoding", "upgrade",
                                      "te",         "trailer",        "keep-alive",        "host"};

// The field of kOurs that a rule may remove from a request.
constexpr std::string_view kRemovable = "upgrade";

constexpr std::size_t kMaxServers = 64;

// Whether `text` is safe in a message's head: it has no blank and no control character.
bool is_clean(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7f;
    });
}

template <class Row>
void require(bool holds, const Row& row, std::string_view rows, std::string why) {
    if (holds) return;
    // The message quotes the setting. Control characters become '?', so that the message stays on one line.
    std::replace_if(
        why.begin(), why.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
    throw base::Error(base::Code::config_invalid, row.origin + ": [[" + std::string(rows) + "]] " + why);
}

void require_upstream(bool holds, const Upstream& row, const std::string& why) {
    require(holds, row, "edge.upstreams", why);
}

void require_route(bool holds, const Route& row, const std::string& why) { require(holds, row, "edge.routes", why); }

void check_upstream(const Upstream& row) {
    require_upstream(!row.name.empty(), row, "needs a name");
    require_upstream(row.name != "app" && is_header_name(row.name), row,
                     "name must be a word such as \"flask\"; \"app\" is reserved for bodega itself");
    require_upstream(!row.servers.empty(), row, "\"" + row.name + "\" needs servers, such as [\"127.0.0.1:5000\"]");
    require_upstream(row.servers.size() <= kMaxServers, row, "\"" + row.name + "\" has more than 64 servers");
    for (const std::string& server : row.servers) {
        require_upstream(parse_upstream_server(server).has_value(), row,
                         "servers must hold \"HOST:PORT\" or \"unix:/PATH\", with \"weight=1\" to 100 after it or "
                         "not; this is not one: \"" +
                             server + "\"");
    }
    require_upstream(row.health_path.empty() || (row.health_path.starts_with('/') && is_clean(row.health_path)), row,
                     "health_path must begin with \"/\" and hold no blanks");
    require_upstream(is_clean(row.health_host), row, "health_host must be a name such as \"app.internal\"");
}

bool is_host(std::string_view host) {
    if (host.starts_with("*.")) host.remove_prefix(2);
    return !host.empty() && host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._[]:") == host.npos;
}

// A protocol of the Upgrade field (RFC 9110, section 7.8): a name, with or without "/" and a version.
bool is_protocol(std::string_view protocol) {
    std::size_t slash = protocol.find('/');
    bool versioned = slash != protocol.npos;
    return is_header_name(protocol.substr(0, slash)) && (!versioned || is_header_name(protocol.substr(slash + 1)));
}

void check_headers(const Route& row) {
    auto small = [](std::string name) {
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return name;
    };
    auto ours = [&](const std::string& name) {
        return std::find(std::begin(kOurs), std::end(kOurs), small(name)) != std::end(kOurs);
    };
    auto check_name = [&](const std::string& name) {
        require_route(!ours(name), row, "can't change the field " + name + ", which is the connection's own");
    };
    for (const auto* lines : {&row.set_request, &row.set_response})
        for (const std::string& text : *lines) {
            auto line = parse_header_line(text);
            require_route(line.has_value(), row, "fields to set are written \"Name: value\", not \"" + text + "\"");
            check_name(line->name);
        }
    for (const auto* names : {&row.remove_request, &row.remove_response})
        for (const std::string& name : *names) {
            require_route(is_header_name(name), row, "this is not a field's name: \"" + name + "\"");
            if (names != &row.remove_request || small(name) != kRemovable) check_name(name);
        }
}

void check_target(const Route& row, const std::set<std::string>& upstreams) {
    using Kind = RouteTarget::Kind;
    auto target = parse_route_target(row.to);
    require_route(
        target.has_value(), row,
        "to must be \"app\", \"upstream:NAME\", \"folder:/PATH\" or \"redirect:URL\", not \"" + row.to + "\"");
    if (target->kind == Kind::upstream && !upstreams.contains(target->what)) {
        std::vector<std::string> names(upstreams.begin(), upstreams.end());
        require_route(false, row,
                      "to names the upstream \"" + target->what + "\", which does not exist" +
                          did_you_mean(target->what, names) + "; add [[edge.upstreams]] with that name");
    }
    bool redirects = row.status == 301 || row.status == 302 || row.status == 307 || row.status == 308;
    require_route(redirects, row, "status must be 301, 302, 307 or 308");
    require_route(row.pass_host.empty() || target->kind == Kind::upstream, row, "pass_host works only for an upstream");
    require_route(row.request_body == Route{}.request_body || target->kind == Kind::upstream, row,
                  "request_body works only for an upstream");
    require_route(is_clean(row.pass_host), row, "pass_host must be a name such as \"app.internal\"");
    require_route(target->kind != Kind::redirect || is_clean(target->what), row, "to must be a URL without blanks");
}

void check_route(const Route& row, const std::set<std::string>& upstreams) {
    require_route(!row.to.empty(), row, "needs \"to\", the target that answers");
    require_route(row.host.empty() || is_host(row.host), row,
                  "host must be a name in lower case such as \"files.example.org\" or \"*.example.org\", not \"" +
                      row.host + "\"");
    require_route(row.path.starts_with('/') && row.path.find_first_of("?#%;\\ ") == row.path.npos, row,
                  "path must begin with \"/\" and must not hold \"?\", \"#\", \"%\", \";\", \"\\\" or blanks, not \"" +
                      row.path + "\"");
    require_route(row.rewrite.empty() || (row.rewrite.starts_with('/') &&
                                          row.rewrite.find_first_of("?#") == row.rewrite.npos && is_clean(row.rewrite)),
                  row, "rewrite must begin with \"/\" and hold no \"?\", \"#\" or blanks");
    require_route(
        row.rate_limit.empty() || parse_rate(row.rate_limit), row,
        "rate_limit must be requests per s, min or h, such as \"10/min burst=5\", not \"" + row.rate_limit + "\"");
    for (const std::string& protocol : row.upgrades)
        require_route(is_protocol(protocol), row,
                      "upgrades must be names of protocols such as \"websocket\", not \"" + protocol + "\"");
    check_target(row, upstreams);
    check_headers(row);
}

}  // namespace

void check_routes(const Edge& edge) {
    std::set<std::string> names;
    for (const Upstream& row : edge.upstreams) {
        check_upstream(row);
        require_upstream(names.insert(row.name).second, row, "\"" + row.name + "\" is defined twice");
    }
    std::set<std::tuple<std::string, std::string>> seen;
    for (const Route& row : edge.routes) {
        check_route(row, names);
        require_route(seen.emplace(row.host, row.path).second, row, "this host and path have a route already");
    }
}

}  // namespace bodega::config
