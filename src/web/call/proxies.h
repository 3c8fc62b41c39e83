// Trusted proxies. The app uses X-Forwarded-*, X-Request-Id and X-Accel-Capable only if a trusted proxy sent them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "http/forwarded_client.h"

namespace bodega::web {

class Proxies {
public:
    // secret: the text that a proxy of these networks has to send in kSecretField. If it is empty, no proxy of these
    // networks is trusted: any user of this machine can connect to the app's port, and would be taken for a proxy.
    // Throws Error{config_invalid} with the name of an invalid network.
    explicit Proxies(const std::vector<std::string>& networks, std::string secret = "");

    // True if the forwarding fields of the sender may be used. said: the value of kSecretField. A unix socket has an
    // empty address and is trusted, since the permissions of the socket's file limit which users can connect.
    bool believes(std::string_view address, std::string_view said) const;
    static constexpr const char* kSecretField = "X-Bodega-Proxy-Secret";

    bool trusts(std::string_view address) const { return networks_.contain(address); }

    // Returns the client's address according to X-Forwarded-*. peer: the address that opened the connection.
    http::ForwardedClient client_behind(const std::string& peer, const http::Fields& fields) const;

private:
    base::Networks networks_;
    std::string secret_;
};

}  // namespace bodega::web
