// Trusted proxies: whose X-Forwarded-*, X-Request-Id and X-Accel-Capable count.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "http/forwarded_client.h"

namespace bodega::web {

class Proxies {
public:
    // secret: what a proxy of these networks has to say beside its fields; empty: none of them is believed, since any
    // user of this machine reaches its ports. Throws Error{config_invalid} that names the network that is none.
    explicit Proxies(const std::vector<std::string>& networks, std::string secret = "");

    // Whether the other end of a connection is one whose fields count. said: its field kSecretField. A unix socket's,
    // whose address is empty, is: the socket's file says who may connect.
    bool believes(std::string_view address, std::string_view said) const;
    static constexpr const char* kSecretField = "X-Bodega-Proxy-Secret";

    bool trusts(std::string_view address) const { return networks_.contain(address); }

    // The client behind them, by X-Forwarded-*; peer: the other end's address.
    http::ForwardedClient client_behind(const std::string& peer, const http::Fields& fields) const;

private:
    base::Networks networks_;
    std::string secret_;
};

}  // namespace bodega::web
