// Trusted proxies: whose X-Forwarded-*, X-Request-Id and X-Accel-Capable count.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"

namespace bodega::web {

class Proxies {
public:
    // Throws Error{config_invalid} that names the network that is none.
    explicit Proxies(const std::vector<std::string>& networks);

    bool trusts(std::string_view address) const { return networks_.contain(address); }

    // The client behind trusted proxies: X-Forwarded-For read from its right end as long as proxies are trusted.
    // What is no address ends the walk.
    std::string client_address(std::string_view peer, std::string_view forwarded_for) const;

private:
    base::Networks networks_;
};

}  // namespace bodega::web
