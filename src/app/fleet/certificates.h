// Orders the fleet's certificate from an authority: one node orders it under the lease "acme", and all nodes serve it.
// Key, account and certificate are in the catalog, sealed with edge.acme.secret_file. One thread.
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
    // Waits for the given time. False: this node stops, so the order is aborted.
    using Pause = std::function<bool(std::chrono::milliseconds)>;
    // Orders a certificate of edge.acme.names for `key` and returns its chain in PEM. Throws Error{unavailable}.
    using Authority =
        std::function<std::string(const acme::Key& account, const acme::Key& key, acme::ChallengeBoard& board)>;

    // authority: only tests pass another than the one at edge.acme.directory. Throws Error{config_invalid} if the
    // secret can't be read. Requires: edge.acme.names is not empty.
    Certificates(const Services& services, Pause pause, Authority authority = {});

    // The certificate in the catalog. Throws Error{config_invalid} if it was sealed with another secret.
    std::optional<IssuedCertificate> current();

    // The reason why this node gets no certificate until an operator acts: see CertificateRecords::why_closed().
    std::optional<std::string> why_closed();

    // Stores a certificate that was issued but could not be stored before. Then orders one if the fleet has no
    // certificate or two thirds of its lifetime are over, unless another node is ordering. Returns true if there is a
    // new one. Throws what went wrong; if the authority was asked, no node tries again for edge.acme.retry, and during
    // that time this function throws the same error.
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
    std::optional<IssuedCertificate> kept_;  // issued, and not in the catalog yet; in kept_file_ too
    bool asked_ = false;                     // the attempt under way has asked the authority
    std::optional<base::Error> failure_;     // of the last attempt
    base::Milliseconds retry_at_ = 0;        // this node's clock, ms; no attempt before
    bool waits_ = false;                     // another node has the lease, and this one has logged it
};

// The file in which a node keeps an issued certificate until the catalog has it, sealed in the same way as there.
std::string kept_certificate_file(const config::Config& config);

// The folder of a node's certificate files, readable by its user only. Not acme/: that is certbot's webroot, which
// belongs to root if the shared folder is the data folder.
std::string certificates_folder(const config::Config& config);

// The answer to an authority's challenge (RFC 8555, section 8.3); std::nullopt: no order has that token.
std::optional<std::string> challenge_answer(const Services& services, const std::string& token);

}  // namespace bodega::app
