// The fleet's certificate and its account with the authority, as the catalog keeps them: sealed with
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
    base::Milliseconds ordered_at = 0;  // 0: a former version ordered it, as the next
    base::Milliseconds again_at = 0;    // two thirds of its lifetime after ordered_at

    std::string text() const;
    static IssuedCertificate of_text(const std::string& text);
};

// Whether another one is to be ordered. A clock that is far ahead finds each new certificate due: it waits for the
// certificate's own time then, unless it was set right since.
bool is_due(const IssuedCertificate& certificate, base::Milliseconds now) noexcept;

class CertificateRecords {
public:
    // Both outlive it.
    CertificateRecords(db::Connection& connection, const config::Acme& settings, const std::string& secret)
        : connection_(connection), settings_(settings), secret_(secret) {}

    // Both throw Error{config_invalid} for one that was sealed with another secret.
    std::optional<IssuedCertificate> certificate() const;
    std::optional<std::string> account_key() const;  // PEM

    void put(const IssuedCertificate& certificate) const;
    void put_account_key(const std::string& pem) const;

    // Why this node will not get a certificate: the record of the one that is there, or else the account's, can't be
    // opened.
    std::optional<std::string> why_closed() const;

    // Removes the records that can't be opened, or both. Returns the names of those that were there.
    std::vector<std::string> forget(bool both) const;

private:
    std::optional<std::string> open(const std::string& name) const;
    std::optional<std::string> why_closed(const std::string& name) const;

    db::Connection& connection_;
    const config::Acme& settings_;
    const std::string& secret_;
};

// The name of its record in the catalog: other names, or another authority, are another certificate.
std::string certificate_record(const config::Acme& settings);

}  // namespace bodega::app
