// Trusted proxies: the app uses X-Forwarded-*, X-Request-Id and X-Accel-Capable only if one of them sent these fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "http/forwarded_client.h"

namespace bodega::web {

class Proxies {
public:
    // secret: what a proxy of these networks has to send in kSecretField. Empty: none of them is trusted, because any
    // user of this machine can reach its ports. Throws Error{config_invalid} that names an invalid network.
    explicit Proxies(const std::vector<std::string>& networks, std::string secret = "");

    // Whether to use the forwarding fields of a peer. said: the value of its field kSecretField. A unix socket has an
    // empty address and is trusted: the permissions of the socket's file decide who may connect.
    bool believes(std::string_view address, std::string_view said) const;
    static constexpr const char* kSecretField = "X-Bodega-Proxy-Secret";

    bool trusts(std::string_view address) const { return networks_.contain(address); }

    // Returns the client's address by X-Forwarded-*. peer: the address of the other end.
    http::ForwardedClient client_behind(const std::string& peer, const http::Fields& fields) const;

private:
    base::Networks networks_;
    std::string secret_;
};

}  // namespace bodega::web
