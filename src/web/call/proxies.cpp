#include "web/call/proxies.h"

#include <utility>

#include "base/encoding.h"

namespace bodega::web {
Proxies::Proxies(const std::vector<std::string>& networks, std::string secret)
    : networks_("app.trusted_proxies", networks), secret_(std::move(secret)) {}

bool Proxies::believes(std::string_view address, std::string_view said) const {
    if (address.empty()) return true;
    return !secret_.empty() && trusts(address) && base::equal_constant_time(said, secret_);
}

http::ForwardedClient Proxies::client_behind(const std::string& peer, const http::Fields& fields) const {
    http::ForwardedClient client{peer, "http"};
    http::walk_x_forwarded(fields, networks_, client);
    return client;
}

}  // namespace bodega::web
