#include "config/check.h"
#include "config/check_addresses.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/network.h"
#include "config/authority.h"
#include "config/check_routes.h"
#include "config/public_url.h"
#include "config/rate.h"
#include "config/value.h"

namespace bodega::config {
namespace {

class Checker {
public:
    Checker(const Origins& origins, Problems& problems) : origins_(origins), problems_(problems) {}

    // Adds a problem if the rule does not hold. The problem names the place where the key was set.
    void require(bool holds, std::string_view key, const std::string& why) const {
        if (holds) return;
        auto at = origins_.find(key);
        std::string message = at == origins_.end() ? std::string() : at->second.where + ": ";
        problems_.add(message.append(key).append(" ").append(why));
    }

private:
    const Origins& origins_;
    Problems& problems_;
};

// True for texts such as "127.0.0.1", "[::1]" and "files.example.org".
bool is_host(std::string_view text) {
    bool bracketed = text.starts_with('[') && text.ends_with(']') && text.size() > 2;
    return !text.empty() && (bracketed || text.find_first_of(":/[] ") == text.npos);
}

// True for texts such as "127.0.0.1:5000", "[::1]:5000" and "files.example.org:80".
bool is_host_and_port(std::string_view text) {
    std::size_t colon = text.rfind(':');
    if (colon == text.npos) return false;
    auto port = parse_integer(text.substr(colon + 1));
    return port && *port >= 0 && *port <= 65535 && is_host(text.substr(0, colon));
}

// Splits at blanks.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        std::size_t blank = std::min(text.find(' '), text.size());
        if (blank > 0) words.push_back(text.substr(0, blank));
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    return words;
}

bool is_secure(const std::string& listener) { return listener.starts_with("https://"); }

// True for texts such as "http://127.0.0.1:8080" and "https://[::] proxy_protocol". Checks only the address.
bool is_listener(const std::string& listener) {
    std::string_view scheme = is_secure(listener) ? "https://" : "http://";
    std::string_view url = std::string_view(listener).substr(0, listener.find(' '));
    if (!url.starts_with(scheme)) return false;
    url.remove_prefix(scheme.size());
    return is_host(url) || is_host_and_port(url);
}

void check_listener_words(const std::string& listener, bool some_secure, const Checker& checker) {
    std::vector<std::string_view> words = words_of(listener);
    for (std::size_t i = 1; i < words.size(); ++i) {
        auto redirect = parse_redirect(words[i]);
        checker.require(
            redirect || words[i] == "proxy_protocol", "edge.listen",
            "accepts the words proxy_protocol, redirect and redirect=PORT, not \"" + std::string(words[i]) + "\"");
        checker.require(!redirect || !is_secure(listener), "edge.listen",
                        "has \"redirect\" on an https:// address; it belongs on an http:// address");
        checker.require(redirect != 0 || some_secure, "edge.listen",
                        "has \"redirect\", but no https:// address to redirect to");
    }
}

void check_listeners(const Config& config, const Checker& checker) {
    checker.require(!config.edge.listen.empty() || !config.app.listen.empty(), "edge.listen",
                    "is empty and so is app.listen: nothing would listen; give one of them an address");
    for (const std::string& listener : config.edge.listen) {
        checker.require(is_listener(listener), "edge.listen",
                        "must hold addresses such as \"http://127.0.0.1:8080\", not \"" + listener + "\"");
    }
    bool secure = std::any_of(config.edge.listen.begin(), config.edge.listen.end(), is_secure);
    for (const std::string& listener : config.edge.listen) check_listener_words(listener, secure, checker);
    checker.require(!secure || !config.edge.tls.certificates.empty() || !config.edge.acme.names.empty(), "edge.listen",
                    "has an https:// address, but edge.tls.certificates is empty: "
                    "give it \"FULLCHAIN.PEM KEY.PEM\"");
    for (const std::string& pair : config.edge.tls.certificates) {
        checker.require(words_of(pair).size() == 2, "edge.tls.certificates",
                        "must hold two files each, \"FULLCHAIN.PEM KEY.PEM\", not \"" + pair + "\"");
    }
    const auto shared = find_shared_address(config);
    if (shared) checker.require(false, shared->key, shared->why);
    const std::string& app = config.app.listen;
    checker.require(app.empty() || app.starts_with('/') || is_host_and_port(app), "app.listen",
                    "must be \"HOST:PORT\" or the path of a unix socket (\"/…\"), not \"" + app + "\"");
}

bool is_within(const std::string& path, const std::string& folder) {
    auto plain = [](const std::string& text) {
        std::error_code ignored;
        auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(text, ignored), ignored);
        return whole.has_filename() ? whole : whole.parent_path();
    };
    const std::filesystem::path below = plain(path).lexically_relative(plain(folder));
    return !below.empty() && *below.begin() != "..";
}

// Rejects a spool folder in the shared folder: other nodes could read the bodies there, and each write would wait for
// the network.
void check_spool(const Config& config, const Checker& checker) {
    const std::string& spool = config.edge.spool_dir;
    const std::string& shared = config.node.shared_dir;
    checker.require(spool.empty() || shared.empty() || !is_within(spool, shared), "edge.spool_dir",
                    "must be a folder of a local disk, outside of node.shared_dir");
}

// A name that an authority can verify over HTTP: letters, digits and hyphens between dots.
bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
           text.find("..") == text.npos && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
           });
}

void check_acme(const Acme& acme, const Checker& checker) {
    checker.require(acme.names.size() <= 100, "edge.acme.names", "has more than 100 names");
    for (const std::string& name : acme.names) {
        checker.require(is_host_name(name), "edge.acme.names",
                        "must hold host names in lower case without wildcards, not \"" + name + "\"");
    }
    checker.require(acme.names.empty() || !acme.secret_file.empty(), "edge.acme.names",
                    "needs edge.acme.secret_file: the file that holds the cluster's secret");
    checker.require(acme.directory.starts_with("https://"), "edge.acme.directory", "must be an https:// URL");
}

void check_networks(const std::vector<std::string>& networks, std::string_view key, const Checker& checker) {
    for (const std::string& network : networks) {
        checker.require(base::Network::parse(network).has_value(), key,
                        "must hold networks such as \"10.0.0.0/8\", not \"" + network + "\"");
    }
}

void check_rate_limit(const Edge& edge, const Checker& checker) {
    checker.require(edge.rate_limit.empty() || parse_rate(edge.rate_limit), "edge.rate_limit",
                    "must be requests per s, min or h, such as \"100/s burst=200\", not \"" + edge.rate_limit + "\"");
}

// An origin as a browser writes it (RFC 6454 section 6.2): a scheme, a host in lower case, and a port unless it is the
// scheme's default.
bool is_origin(std::string_view text) {
    const bool tls = text.starts_with("https://");
    if (!tls && !text.starts_with("http://")) return false;
    const std::string_view authority = text.substr(tls ? 8 : 7);
    const bool is_lower = authority.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == authority.npos;
    return is_lower && is_authority(authority) && !authority.ends_with(tls ? ":443" : ":80");
}

void check_allowed_origins(const App& app, const Checker& checker) {
    constexpr std::size_t kMax = 100;
    checker.require(app.allowed_origins.size() <= kMax, "app.allowed_origins", "has more than 100 origins");
    for (const std::string& origin : app.allowed_origins) {
        checker.require(is_origin(origin), "app.allowed_origins",
                        "must hold origins as browsers write them, without a path, a wildcard or the usual port, such "
                        "as \"https://portal.example.org\", not \"" +
                            origin + "\"");
    }
}

void check_app(const App& app, const Checker& checker) {
    check_allowed_origins(app, checker);
    check_networks(app.trusted_proxies, "app.trusted_proxies", checker);
    const auto url = PublicUrl::parse(app.public_url);
    checker.require(
        url.has_value(), "app.public_url",
        "must be a scheme and a host, such as \"https://files.example.org\", and may have a path of letters, "
        "digits, '-', '.', '_' and '~', such as \"https://example.org/files/\", not \"" +
            app.public_url + "\"");
}

void check_database(const Database& database, const Checker& checker) {
    const std::string& url = database.url;
    bool mysql = url.starts_with("mysql://");
    checker.require(url.empty() || mysql || url.starts_with("sqlite:"), "database.url",
                    "must be \"sqlite:PATH\" or \"mysql://USER@HOST:PORT/NAME\"");
    // The message does not show the URL: it may hold a password, which may even contain a slash.
    const std::string_view rest = mysql ? std::string_view(url).substr(8) : std::string_view();
    const std::string_view authority = rest.substr(0, rest.find('/'));
    const std::size_t at = authority.rfind('@');
    const bool has_password =
        at == authority.npos ? rest.find('@') != rest.npos : authority.substr(0, at).find(':') != authority.npos;
    checker.require(!has_password, "database.url",
                    "must not hold the password: use database.password_file or DB_PASSWORD");
    checker.require(!mysql || has_password || at != authority.npos, "database.url",
                    "must name the user: \"mysql://USER@HOST:PORT/NAME\"");
    checker.require(
        !mysql || url.find_first_of("?#") == url.npos, "database.url",
        "must hold no parameters such as ?ssl-mode=REQUIRED: for TLS with verification set database.ssl_ca");
    checker.require(mysql || database.ssl_ca.empty(), "database.ssl_ca", "is set, but the database is SQLite");
}

void check_imds(const std::string& imds, const Checker& checker) {
    constexpr std::string_view kScheme = "http://";
    const bool url = imds.starts_with(kScheme) && is_authority(std::string_view(imds).substr(kScheme.size()));
    checker.require(url || imds == "auto" || imds == "off", "node.imds",
                    "must be \"auto\", \"off\" or a URL such as \"http://169.254.169.254\", not \"" + imds + "\"");
}

}  // namespace

void check(const Config& config, const Origins& origins, Problems& problems) {
    const Checker checker(origins, problems);
    checker.require(!config.node.data_dir.empty(), "node.data_dir", "must not be empty");
    check_imds(config.node.imds, checker);
    check_listeners(config, checker);
    check_networks(config.edge.trusted_proxies, "edge.trusted_proxies", checker);
    check_rate_limit(config.edge, checker);
    check_spool(config, checker);
    check_acme(config.edge.acme, checker);
    check_app(config.app, checker);
    problems.attempt([&] { check_routes(config.edge); });
    check_database(config.database, checker);
    const int connections = config.app.threads + config.app.uploads;
    checker.require(config.edge.listen.empty() || config.edge.upstream_connections <= connections,
                    "edge.upstream_connections",
                    "must not be more than app.threads + app.uploads (" + std::to_string(connections) + ")");
    const Accounts& accounts = config.accounts;
    checker.require(accounts.admin_user.empty() || !accounts.admin_password_file.empty(), "accounts.admin_user",
                    "needs accounts.admin_password_file: the file that holds the administrator's password");
}

}  // namespace bodega::config
