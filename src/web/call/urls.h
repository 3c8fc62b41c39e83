// Makes the URL paths of entries, uploads and jobs for answers, including the base path. Constant after construction;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ulid.h"
#include "config/public_url.h"

namespace bodega::web {

class Urls {
public:
    // Requires: the text of app.public_url, which the configuration has checked.
    explicit Urls(std::string_view public_url)
        : site_(config::PublicUrl::parse(public_url).value_or(config::PublicUrl())) {}

    std::string entry(const base::Ulid& id) const { return site_.path("/api/v1/entries/" + id.text()); }
    std::string upload(const base::Ulid& id) const { return site_.path("/api/v1/uploads/" + id.text()); }
    std::string job(const base::Ulid& id) const { return site_.path("/api/v1/jobs/" + id.text()); }

    // Returns a request's target without the base path, or std::nullopt if the target is outside of the base path.
    // Health checks and challenges of certificate authorities stay at the root, since their clients do not know the
    // base path.
    std::optional<std::string_view> own_target(std::string_view target) const {
        if (const auto own = site_.own_part(target)) return own;
        const std::string_view path = target.substr(0, target.find('?'));
        const bool at_root = path == "/livez" || path == "/readyz" || path.starts_with("/.well-known/acme-challenge/");
        return at_root ? std::optional(target) : std::nullopt;
    }

    const config::PublicUrl& site() const noexcept { return site_; }

private:
    const config::PublicUrl site_;
};

}  // namespace bodega::web
