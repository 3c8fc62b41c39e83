// An EdgeFixture that listens with TLS, with its own certificate authority.
#pragma once

#include "support/certificate.h"
#include "support/edge_fixture.h"
#include "support/tls_client.h"

namespace bodega::test {

class TlsEdgeFixture {
public:
    using Change = std::function<void(config::Edge&)>;

    // `change`: what differs from one https:// listener with one certificate, "localhost".
    explicit TlsEdgeFixture(const Change& change = [](config::Edge&) {}) : fixture_(settings(change)) {}

    EdgeFixture& operator*() noexcept { return fixture_; }
    EdgeFixture* operator->() noexcept { return &fixture_; }
    Authority& authority() noexcept { return authority_; }
    const std::string& folder() const noexcept { return folder_.path(); }
    TlsClient client(TlsWishes wishes = {}) const { return TlsClient(fixture_.url(), std::move(wishes)); }

private:
    config::Edge settings(const Change& change) {
        config::Edge out = EdgeFixture::quick();
        out.listen = {"https://127.0.0.1:0"};
        out.tls.certificates = {authority_.issue("localhost")};
        change(out);
        return out;
    }

    TempFolder folder_;
    Authority authority_{folder_.path()};
    EdgeFixture fixture_;
};

}  // namespace bodega::test
