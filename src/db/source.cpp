#include "db/source.h"

#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::db {
namespace {

[[noreturn]] void refuse(std::string_view why) {
    throw base::Error(base::Code::config_invalid, "database.url " + std::string(why) +
                                                      "; write \"sqlite:PATH\" or \"mysql://USER@HOST:PORT/NAME\"");
}

std::string decoded(std::string_view text, std::string_view part) {
    auto plain = base::percent_decode(text);
    if (!plain || plain->empty() || plain->find('\0') != plain->npos) refuse("has no valid " + std::string(part));
    return std::move(*plain);
}

int parse_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535) {
        refuse("has no valid port");
    }
    return port;
}

// Parses "HOST", "HOST:PORT", "[::1]" or "[::1]:PORT".
void parse_authority(std::string_view text, Source& source) {
    std::string_view host = text;
    std::string_view port;
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::size_t{0};
    if (bracket == text.npos) refuse("has no valid host");
    if (const auto colon = text.find(':', bracket); colon != text.npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        source.port = parse_port(port);
    }
    if (bracket > 0) {
        if (host.size() != bracket + 1) refuse("has no valid host");
        host = host.substr(1, bracket - 1);
    }
    source.host = decoded(host, "host");
}

Source parse_mysql(std::string_view rest) {
    Source source;
    source.dialect = Dialect::mysql;
    const auto slash = rest.find('/');
    if (slash == rest.npos) refuse("names no database");
    const std::string_view authority = rest.substr(0, slash);
    const auto at = authority.find('@');
    if (at == authority.npos) refuse("names no user");
    const std::string_view user = authority.substr(0, at);
    if (user.find(':') != user.npos) {
        refuse(
            "holds a password, which would be visible in process lists and logs: set DB_PASSWORD or "
            "DB_PASSWORD_FILE instead");
    }
    source.user = decoded(user, "user");
    parse_authority(authority.substr(at + 1), source);
    const std::string_view name = rest.substr(slash + 1);
    if (name.find('?') != name.npos || name.find('#') != name.npos) {
        refuse(
            "has parameters, such as ?ssl-mode=REQUIRED, which bodega does not read: for TLS with verification set "
            "database.ssl_ca (DB_SSL_CA), and write a ? or # of the database's name as %3F or %23");
    }
    source.name = decoded(name, "database name");
    return source;
}

}  // namespace

Source Source::parse(std::string_view url) {
    constexpr std::string_view kSqlite = "sqlite:";
    constexpr std::string_view kMysql = "mysql://";
    if (url.starts_with(kMysql)) return parse_mysql(url.substr(kMysql.size()));
    if (!url.starts_with(kSqlite)) refuse("has an unknown scheme");
    Source source;
    source.path = url.substr(kSqlite.size());
    if (source.path.empty() || source.path.find('\0') != source.path.npos) refuse("names no file");
    return source;
}

}  // namespace bodega::db
