// The address at which people reach this server (app.public_url), and the URLs and paths that begin with it.
//
// All of bodega's paths are below the base path: "/" or, for "https://example.org/files/", "/files/". Constant after
// construction.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::config {

class PublicUrl {
public:
    // No address is configured: the origin is derived from each request, and the base path is "/".
    PublicUrl() = default;

    // "https://files.example.org", "https://example.org/files/"; the last slash may be missing. Empty text gives
    // PublicUrl(). Returns std::nullopt for other text: another scheme, a user, a query, a fragment, or a path whose
    // segments need encoding.
    static std::optional<PublicUrl> parse(std::string_view text);

    bool has_origin() const noexcept { return !origin_.empty(); }
    // As browsers write it (RFC 6454, section 6.2): in lower case, without the scheme's default port. Empty if it is
    // not known.
    const std::string& origin() const noexcept { return origin_; }
    std::string_view authority() const noexcept;  // the origin without its scheme: "files.example.org:8443"
    std::string_view host() const noexcept;       // without a port: "files.example.org", "[::1]"

    const std::string& base_path() const noexcept { return base_path_; }  // has a slash at both ends
    bool is_at_root() const noexcept { return base_path_.size() == 1; }

    // The path that a client has to use for one of bodega's own: "/files/api/v1/x" for "/api/v1/x". Requires: `own`
    // begins with a slash.
    std::string path(std::string_view own) const { return base_path_ + std::string(own.substr(1)); }
    std::string url(std::string_view own) const { return origin_ + path(own); }  // requires: has_origin()

    // The reverse of path(), for a path or a request's target: "/api/v1/x?y" for "/files/api/v1/x?y". std::nullopt: it
    // is not below the base path. Decodes nothing: no character of the base path needs encoding.
    std::optional<std::string_view> own_part(std::string_view target) const;
    // Whether the path is the base path without its last slash, "/files". People type it.
    bool is_base_without_slash(std::string_view path) const noexcept;

    bool operator==(const PublicUrl&) const = default;

private:
    std::string origin_;
    std::string base_path_ = "/";
};

}  // namespace bodega::config
