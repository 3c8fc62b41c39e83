// Reads and writes the fleet's certificate and its account key with the authority in the catalog, sealed with
// edge.acme.secret_file. One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "db/connection.h"

namespace bodega::app {

// All times are on the catalog's clock.
struct IssuedCertificate {
    std::string chain;  // PEM
    std::string key;    // PEM, a secret
    base::Milliseconds renew_at = 0;
    base::Milliseconds ordered_at = 0;  // 0: ordered by an older version, which did not set this field and the next
    base::Milliseconds again_at = 0;    // two thirds of its lifetime after ordered_at

    std::string text() const;
    static IssuedCertificate of_text(const std::string& text);
};

// True if another certificate has to be ordered. Under a clock that is far ahead each new certificate looks due; then
// this waits until again_at, unless the clock was corrected since (it is before ordered_at).
bool is_due(const IssuedCertificate& certificate, base::Milliseconds now) noexcept;

class CertificateRecords {
public:
    // Both outlive it.
    CertificateRecords(db::Connection& connection, const config::Acme& settings, const std::string& secret)
        : connection_(connection), settings_(settings), secret_(secret) {}

    // Both throw Error{config_invalid} for a record that was sealed with another secret.
    std::optional<IssuedCertificate> certificate() const;
    std::optional<std::string> account_key() const;  // PEM

    void put(const IssuedCertificate& certificate) const;
    void put_account_key(const std::string& pem) const;

    // Returns why this node can't get a certificate: this node's secret does not unseal the certificate's record, or
    // the account key's record where no certificate is recorded. std::nullopt: it can get one.
    std::optional<std::string> why_closed() const;

    // Removes the records that can't be unsealed, or, with `both`, both records. Returns the names of the removed
    // records.
    std::vector<std::string> forget(bool both) const;

private:
    std::optional<std::string> open(const std::string& name) const;
    std::optional<std::string> why_closed(const std::string& name) const;

    db::Connection& connection_;
    const config::Acme& settings_;
    const std::string& secret_;
};

// The name of the certificate's record in the catalog. It depends on the certificate's names and on the authority.
std::string certificate_record(const config::Acme& settings);

}  // namespace bodega::app
