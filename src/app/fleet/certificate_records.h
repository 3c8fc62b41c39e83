// Reads and writes two records in the catalog: the fleet's certificate, and the fleet's account key with the authority.
// Both are sealed with edge.acme.secret_file. An object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "db/connection.h"

namespace bodega::app {

// Times are compared with the catalog's clock.
struct IssuedCertificate {
    std::string chain;  // PEM
    std::string key;    // PEM, a secret
    base::Milliseconds renew_at = 0;
    // 0 if an older version ordered the certificate. again_at is then 0, too.
    base::Milliseconds ordered_at = 0;
    base::Milliseconds again_at = 0;  // two thirds of the certificate's lifetime after ordered_at

    std::string text() const;
    static IssuedCertificate of_text(const std::string& text);
};

// True if a new certificate has to be ordered: `now` has reached both renew_at and again_at. again_at limits the orders
// if the catalog's clock is far ahead, since each new certificate is then past its renew_at at once. If `now` is before
// ordered_at, the clock was corrected after the order, and again_at is ignored.
bool is_due(const IssuedCertificate& certificate, base::Milliseconds now) noexcept;

class CertificateRecords {
public:
    // Requires: all arguments outlive the object.
    CertificateRecords(db::Connection& connection, const config::Acme& settings, const std::string& secret)
        : connection_(connection), settings_(settings), secret_(secret) {}

    // certificate() and account_key() throw Error{config_invalid} for a record that was sealed with another secret.
    std::optional<IssuedCertificate> certificate() const;
    std::optional<std::string> account_key() const;  // PEM

    void put(const IssuedCertificate& certificate) const;
    void put_account_key(const std::string& pem) const;

    // Returns the reason why this node can't get a certificate, or std::nullopt if it can. The reason is a record that
    // this node's secret can't unseal: the certificate's record, or the account key's if there is no certificate.
    std::optional<std::string> why_closed() const;

    // Removes the records that can't be unsealed; removes both records if `both` is true. Returns the names of the
    // removed records.
    std::vector<std::string> forget(bool both) const;

private:
    std::optional<std::string> open(const std::string& name) const;
    std::optional<std::string> why_closed(const std::string& name) const;

    db::Connection& connection_;
    const config::Acme& settings_;
    const std::string& secret_;
};

// The name under which the catalog stores the certificate. It depends on the certificate's names and on the authority.
std::string certificate_record(const config::Acme& settings);

}  // namespace bodega::app
