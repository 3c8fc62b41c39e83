// A house whose edge listens by TLS, with an authority of its own.
#pragma once

#include "support/certificate.h"
#include "support/edge_fixture.h"
#include "support/tls_client.h"

namespace bodega::test {

class TlsHouse {
public:
    using Change = std::function<void(config::Edge&)>;

    // `change`: what differs from one https:// listener with one certificate, "localhost".
    explicit TlsHouse(const Change& change = [](config::Edge&) {}) : house_(settings(change)) {}

    House& operator*() noexcept { return house_; }
    House* operator->() noexcept { return &house_; }
    Authority& authority() noexcept { return authority_; }
    const std::string& folder() const noexcept { return folder_.path(); }
    TlsClient client(TlsWishes wishes = {}) const { return TlsClient(house_.url(), std::move(wishes)); }

private:
    config::Edge settings(const Change& change) {
        config::Edge out = House::quick();
        out.listen = {"https://127.0.0.1:0"};
        out.tls.certificates = {authority_.issue("localhost")};
        change(out);
        return out;
    }

    TempFolder folder_;
    Authority authority_{folder_.path()};
    House house_;
};

}  // namespace bodega::test
