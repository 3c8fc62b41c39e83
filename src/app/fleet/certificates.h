// Orders the fleet's certificate from an authority. One node orders it under the lease "acme", and all nodes serve it.
// The catalog stores the key, the account and the certificate, sealed with edge.acme.secret_file. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "acme/client.h"
#include "acme/key.h"
#include "app/fleet/certificate_records.h"
#include "app/services.h"
#include "base/error.h"
#include "base/ulid.h"

namespace bodega::app {

class Certificates {
public:
    // Waits for the given time. Returns false if this node stops; the order is then aborted.
    using Pause = std::function<bool(std::chrono::milliseconds)>;
    // Orders a certificate of edge.acme.names for `key` and returns its chain in PEM. Throws Error{unavailable}.
    using Authority =
        std::function<std::string(const acme::Key& account, const acme::Key& key, acme::ChallengeBoard& board)>;

    // authority: replaces the authority at edge.acme.directory, for tests. Throws Error{config_invalid} if the secret
    // can't be read. Requires: edge.acme.names is not empty.
    Certificates(const Services& services, Pause pause, Authority authority = {});

    // The certificate in the catalog. Throws Error{config_invalid} if it was sealed with another secret.
    std::optional<IssuedCertificate> current();

    // The reason why this node can't get a certificate until an operator intervenes, see
    // CertificateRecords::why_closed().
    std::optional<std::string> why_closed();

    // First stores a certificate that was issued earlier but could not be stored. Then orders a certificate if the
    // fleet has no certificate or if two thirds of its lifetime are over, but not while another node is ordering one.
    // Returns true if there is a new certificate. Throws the error of a failed order. If the authority was asked, no
    // node orders again for edge.acme.retry. On the node whose order failed, this function throws the same error again
    // during that time.
    bool renew_if_due();

private:
    bool is_due();
    bool store_kept();
    void load_kept();
    void keep(const IssuedCertificate& certificate);
    void order();
    std::string account_key();
    std::string ask_authority(const acme::Key& account, const acme::Key& key, acme::ChallengeBoard& board);
    void end_attempt(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure);
    void hold_back(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure);
    void release(const base::Ulid& attempt, std::int64_t fence) noexcept;

    const Services& services_;
    const config::Acme& settings_;
    const Pause pause_;
    const Authority authority_;
    const std::string secret_;
    const std::string kept_file_;
    // an issued certificate that the catalog does not have yet; also in kept_file_
    std::optional<IssuedCertificate> kept_;
    bool asked_ = false;                  // true if the current attempt has asked the authority
    std::optional<base::Error> failure_;  // the error of the last attempt
    base::Milliseconds retry_at_ = 0;     // the time of the next attempt (this node's clock, ms)
    bool waits_ = false;                  // true if another node has the lease and this node has logged that
};

// The file in which a node keeps an issued certificate, sealed, until the catalog has it.
std::string kept_certificate_file(const config::Config& config);

// The folder of a node's certificate files. Only the node's user can read it. It can't be in acme/, certbot's webroot,
// which belongs to root if the shared folder is the data folder.
std::string certificates_folder(const config::Config& config);

// The answer to an authority's challenge (RFC 8555, section 8.3), or std::nullopt if no order has that token.
std::optional<std::string> challenge_answer(const Services& services, const std::string& token);

}  // namespace bodega::app
