#include "cli/kit/kit_value.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/kit/kit_binary.h"
#include "cli/kit/kit_listen.h"
#include "config/public_url.h"
#include "config/read.h"
#include "server/backend.h"
#include "server/node_name.h"

namespace bodega::cli {
namespace {

using Items = std::vector<std::string>;

std::string absolute(const std::string& path, const KitSubject& subject) {
    std::string whole = (std::filesystem::path(subject.folder) / path).lexically_normal().string();
    if (whole.size() > 1 && whole.ends_with('/')) whole.pop_back();
    return whole;
}

std::string seconds(config::Duration duration) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(duration).count()));
}

config::PublicUrl public_url(const KitSubject& subject) {
    return config::PublicUrl::parse(subject.config.app.public_url).value_or(config::PublicUrl());
}

// Returns the host of app.public_url, or "" if app.public_url is empty.
std::string public_host(const KitSubject& subject) { return std::string(public_url(subject).host()); }

// The name of the systemd mount unit for a path (systemd-escape --path).
std::string unit_name(std::string_view path) {
    path.remove_prefix(1);
    std::string name;
    for (char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' ||
                           c == '_' || (c == '.' && !name.empty());
        const unsigned byte = static_cast<unsigned char>(c);
        if (plain) name += c;
        else if (c == '/') name += '-';
        else name.append("\\x").append({base::hex_digit(byte >> 4), base::hex_digit(byte)});
    }
    return name + ".mount";
}

// The mount units of a separate shared folder and of the folders above it.
Items mount_units(const KitSubject& subject) {
    if (subject.config.node.shared_dir.empty()) return {};
    Items units;
    std::filesystem::path path = absolute(subject.config.node.shared_dir, subject);
    for (; path.has_relative_path(); path = path.parent_path()) units.insert(units.begin(), unit_name(path.string()));
    return units;
}

// Returns the base path as a regular expression. Only '.' needs an escape: a base path has no other special character.
Items base_path_regex(const KitSubject& subject) {
    std::string out;
    const config::PublicUrl url = public_url(subject);
    for (const char c : url.base_path()) out.append(c == '.' ? "[.]" : std::string(1, c));
    return {out};
}

std::string server_name(const KitSubject& subject) {
    std::string host = public_host(subject);
    return host.empty() ? "files.example.org" : host;
}

Items server_names(const KitSubject& subject) {
    Items names;
    std::string host = public_host(subject);
    if (!host.empty()) names.push_back(host);
    for (const config::Route& route : subject.config.edge.routes) {
        bool known = route.host.empty() || std::find(names.begin(), names.end(), route.host) != names.end();
        if (!known) names.push_back(route.host);
    }
    return names.empty() ? Items{"_"} : names;
}

// Returns the path of the certificate or, if `key`, of its key. It comes from edge.tls.certificates; if that is empty,
// it is certbot's path.
std::string certificate(const KitSubject& subject, bool key) {
    const Items& pairs = subject.config.edge.tls.certificates;
    if (pairs.size() > 1)
        refuse_kit(
            "edge.tls.certificates has several pairs, but NGINX's file takes one: set only one of them for this "
            "command");
    if (pairs.empty())
        return "/etc/letsencrypt/live/" + server_name(subject) + (key ? "/privkey.pem" : "/fullchain.pem");
    const std::string& pair = pairs.front();
    return absolute(key ? pair.substr(pair.rfind(' ') + 1) : pair.substr(0, pair.find(' ')), subject);
}

std::string app_server(const KitSubject& subject) {
    const std::string& listen = subject.config.app.listen;
    if (listen.empty()) return "unix:" + absolute(subject.config.node.data_dir, subject) + "/app.sock";
    return listen.starts_with('/') ? "unix:" + listen : listen;
}

// Returns the secret that NGINX sends to the app, or no items if none is configured. A unix socket needs no secret.
Items proxy_secret(const KitSubject& subject) {
    const config::App& app = subject.config.app;
    if (app.proxy_secret_file.empty()) return {};
    return {config::read_secret(app.proxy_secret_file, "app.proxy_secret_file")};
}

std::string admin_address(const KitSubject& subject) {
    const std::string& listen = subject.config.edge.admin_listen;
    return listen.empty() ? "127.0.0.1:9180" : listen_address(listen);
}

Items config_file(const KitSubject& subject) {
    return subject.config_file ? Items{absolute(*subject.config_file, subject)} : Items{};
}

Items real_ip_header(const KitSubject& subject) {
    if (subject.config.edge.trusted_fields != "x-forwarded")
        refuse_kit(
            "edge.trusted_fields is forwarded, which NGINX does not read; configure the balancer to send "
            "X-Forwarded-For");
    return {has_proxy_headers(subject.config.edge) ? "proxy_protocol" : "X-Forwarded-For"};
}

Items real_ip_from(const KitSubject& subject) {
    return has_proxy_headers(subject.config.edge) ? Items{"0.0.0.0/0", "::/0"} : subject.config.edge.trusted_proxies;
}

// Returns no proxies if a load balancer writes PROXY headers. Such a balancer passes on X-Forwarded-* from the clients,
// which must not be trusted.
Items trusted_proxies(const KitSubject& subject) {
    return has_proxy_headers(subject.config.edge) ? Items{} : subject.config.edge.trusted_proxies;
}

Items hsts_seconds(const KitSubject& subject) {
    const config::Duration hsts = subject.config.edge.tls.hsts;
    return hsts.count() == 0 ? Items{} : Items{seconds(hsts)};
}

// The longest time that a stop takes, plus time for its last steps.
std::string stop_seconds(const KitSubject& s) {
    return seconds(s.config.node.drain_delay + s.config.node.drain_limit + std::chrono::seconds(15));
}

constexpr std::array kValues{
    KitValue{"VERSION", "this bodega's version", [](const KitSubject&) { return Items{std::string(base::version())}; }},
    KitValue{"BINARY", "path of this binary", [](const KitSubject&) { return Items{binary_path()}; }},
    KitValue{"BINARY_SHA256", "SHA-256 of this binary, in hex",
             [](const KitSubject&) { return Items{binary_sha256()}; }},
    KitValue{"FOLDER", "working folder of bodega kit, whose config.toml and .env are read",
             [](const KitSubject& s) { return Items{s.folder}; }},
    KitValue{"CONFIG_FILE", "file given by --config or BODEGA_CONFIG; no item without one", config_file},
    KitValue{"NODE_NAME", "node.name, or this host's name",
             [](const KitSubject& s) { return Items{server::node_name(s.config.node)}; }},
    KitValue{"DATA_DIR", "node.data_dir, absolute",
             [](const KitSubject& s) { return Items{absolute(s.config.node.data_dir, s)}; }},
    KitValue{"SHARED_DIR", "node.shared_dir or else node.data_dir, absolute",
             [](const KitSubject& s) { return Items{absolute(server::shared_dir(s.config), s)}; }},
    KitValue{"MOUNT_UNITS",
             "systemd's mount units of node.shared_dir and the folders above it; no item without node.shared_dir",
             mount_units, false, false, true},
    KitValue{"SERVER_NAME", "the host of app.public_url", [](const KitSubject& s) { return Items{server_name(s)}; },
             true},
    KitValue{"BASE_PATH", "the path of app.public_url, with a slash at both ends",
             [](const KitSubject& s) { return Items{public_url(s).base_path()}; }},
    KitValue{"BASE_PATH_REGEX", "BASE_PATH as a regular expression", base_path_regex},
    KitValue{"SERVER_NAMES", "SERVER_NAME and the hosts of edge.routes; \"_\" if there are none", server_names},
    KitValue{"TLS_LISTEN", "the https:// addresses of edge.listen; by default, port 443",
             [](const KitSubject& s) { return listen_addresses(s.config.edge, Listen::tls); }, false, true},
    KitValue{"REDIRECT_LISTEN", "the addresses of edge.listen that redirect to https; by default, port 80",
             [](const KitSubject& s) { return listen_addresses(s.config.edge, Listen::redirect); }, false, true},
    KitValue{"PLAIN_LISTEN", "the http:// addresses of edge.listen that do not redirect",
             [](const KitSubject& s) { return listen_addresses(s.config.edge, Listen::plain); }, false, true},
    KitValue{"EDGE_LISTEN", "all addresses of edge.listen, which must not be empty",
             [](const KitSubject& s) { return edge_addresses(s.config.edge); }},
    KitValue{"TLS_PORT", "the port of the first TLS_LISTEN address, with a colon; empty for 443",
             [](const KitSubject& s) { return Items{tls_port_suffix(s.config.edge)}; }},
    KitValue{"CERTIFICATE", "the certificate of edge.tls.certificates; by default, certbot's path",
             [](const KitSubject& s) { return Items{certificate(s, false)}; }, true},
    KitValue{"CERTIFICATE_KEY", "the key of that certificate",
             [](const KitSubject& s) { return Items{certificate(s, true)}; }, true},
    KitValue{"PROXY_SECRET", "content of app.proxy_secret_file; no item without it", proxy_secret},
    KitValue{"APP_SERVER", "app.listen in NGINX's upstream notation; app.sock in node.data_dir if it is empty",
             [](const KitSubject& s) { return Items{app_server(s)}; }},
    KitValue{"ADMIN_ADDRESS", "host and port of edge.admin_listen; 127.0.0.1:9180 if it is empty",
             [](const KitSubject& s) { return Items{admin_address(s)}; }},
    KitValue{"TRUSTED_PROXIES", "edge.trusted_proxies; no item if PROXY headers tell the client", trusted_proxies},
    KitValue{"REAL_IP_HEADER", "source of the client's address for NGINX: X-Forwarded-For, or proxy_protocol",
             real_ip_header},
    KitValue{"REAL_IP_FROM",
             "addresses that NGINX trusts for it: edge.trusted_proxies, or everyone with proxy_protocol", real_ip_from},
    KitValue{"HSTS_SECONDS", "edge.tls.hsts; no item for 0s", hsts_seconds},
    KitValue{"MAX_FILE_BYTES", "files.max_file",
             [](const KitSubject& s) { return Items{std::to_string(s.config.files.max_file)}; }},
    KitValue{"MAX_JSON_BYTES", "app.max_json",
             [](const KitSubject& s) { return Items{std::to_string(s.config.app.max_json)}; }},
    KitValue{"HEAD_SECONDS", "edge.head_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.head_timeout)}; }},
    KitValue{"BODY_SECONDS", "edge.body_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.body_timeout)}; }},
    KitValue{"SEND_SECONDS", "edge.send_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.send_timeout)}; }},
    KitValue{"IDLE_SECONDS", "edge.idle_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.idle_timeout)}; }},
    KitValue{"ANSWER_SECONDS", "edge.upstream_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.upstream_timeout)}; }},
    KitValue{"TUNNEL_SECONDS", "edge.tunnel_timeout",
             [](const KitSubject& s) { return Items{seconds(s.config.edge.tunnel_timeout)}; }},
    KitValue{"STOP_SECONDS", "the longest time of a stop: node.drain_delay plus node.drain_limit plus 15 s",
             [](const KitSubject& s) { return Items{stop_seconds(s)}; }},
};

bool is_plain(char c) {
    constexpr std::string_view marks = "._-/:+=,~[]*";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
}

}  // namespace

std::span<const KitValue> kit_values() noexcept { return kValues; }

const KitValue* find_kit_value(std::string_view name) noexcept {
    auto found = std::find_if(kValues.begin(), kValues.end(), [&](const KitValue& v) { return v.name == name; });
    return found == kValues.end() ? nullptr : &*found;
}

std::vector<std::string> items_of(const KitValue& value, const KitSubject& subject) {
    Items items = value.of(subject);
    for (const std::string& item : items) {
        auto is_fine = [&](char c) {
            return is_plain(c) || (c == ' ' && value.has_words) || (c == '\\' && value.has_escapes);
        };
        if (std::all_of(item.begin(), item.end(), is_fine)) continue;
        refuse_kit(std::string(value.name) + " would be \"" + item +
                   "\", which has more than letters, digits and ._-/:+=,~[]*; give it a plainer name");
    }
    return items;
}

}  // namespace bodega::cli
