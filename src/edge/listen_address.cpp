#include "edge/listen_address.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/network.h"
#include "config/value.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

using net::ListenAddress;

base::Error bad_address(std::string_view url, std::string_view why) {
    return base::Error(base::Code::config_invalid, "edge.listen: \"" + std::string(url) + "\" " + std::string(why));
}

// Splits "host:port" and removes the brackets of the host.
void read_authority(std::string_view authority, ListenAddress& out) {
    std::string_view host;
    std::string_view rest;
    if (authority.starts_with('[')) {
        std::size_t end = authority.find(']');
        if (end == std::string_view::npos) throw bad_address(out.url, "lacks a ']'.");
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
        rest = authority.substr(host.size());
    }
    if (!rest.empty()) {
        auto port = http::decimal(rest.substr(1));
        if (rest[0] != ':' || !port || *port > 65535) throw bad_address(out.url, "has no valid port (0 to 65535).");
        out.port = static_cast<std::uint16_t>(*port);
    }
    if (http::equal_ignoring_case(host, "localhost")) out.hosts = {"127.0.0.1", "::1"};
    else out.hosts = {std::string(host)};
}

// Reads the options that follow the URL in `text`.
void read_words(std::string_view text, ListenAddress& out) {
    std::string_view rest = text.substr(out.url.size());
    while (!rest.empty()) {
        std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        auto redirect = out.options.secure ? std::nullopt : config::parse_redirect(word);
        if (redirect) out.options.redirects = true, out.options.redirect_port = *redirect;
        else if (word == "proxy_protocol") out.options.proxy_protocol = true;
        else if (!word.empty()) throw bad_address(text, "can't have the option \"" + std::string(word) + "\".");
    }
}

}  // namespace

ListenAddress parse_listen_address(std::string_view text) {
    ListenAddress out;
    std::string_view url = text.substr(0, text.find(' '));
    out.url = url;
    out.asked = text;
    out.options.secure = url.starts_with("https://");
    if (!out.options.secure && !url.starts_with("http://"))
        throw bad_address(text, "does not begin with http:// or https://.");
    if (out.options.secure) out.port = 443;
    url.remove_prefix(url.find("//") + 2);
    if (url.ends_with('/')) url.remove_suffix(1);
    read_authority(url, out);
    if (!base::parse_address(out.hosts.front()))
        throw bad_address(out.url, "does not name an IP address or localhost.");
    read_words(text, out);
    return out;
}

}  // namespace bodega::edge
