// The fleet's certificate from an authority: one node orders it, under the lease "acme", and all serve it. Key, account
// and certificate are in the catalog, sealed with edge.acme.secret_file. One thread.
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
    // Waits for so long; false: this node stops, and an order is given up.
    using Pause = std::function<bool(std::chrono::milliseconds)>;
    // Orders a certificate of edge.acme.names for `key`; returns its chain in PEM. Throws Error{unavailable}.
    using Authority =
        std::function<std::string(const acme::Key& account, const acme::Key& key, acme::ChallengeBoard& board)>;

    // authority: tests give another than the one at edge.acme.directory. Throws Error{config_invalid} if the secret
    // can't be read. Requires: edge.acme.names is not empty.
    Certificates(const Services& services, Pause pause, Authority authority = {});

    // What the catalog has. Throws Error{config_invalid} if it was sealed with another secret.
    std::optional<IssuedCertificate> current();

    // Why this node gets no certificate, until somebody helps: see CertificateRecords::why_closed().
    std::optional<std::string> why_closed();

    // Stores what was issued and could not be stored before. Then orders one if there is none or two thirds of its time
    // are over, unless another node is at it. True: there is a new one. Throws what went wrong; if the authority was
    // asked, no node tries again for edge.acme.retry then, and until then this one throws the same.
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
    bool asked_ = false;                     // the authority, by the attempt under way
    std::optional<base::Error> failure_;     // of the last attempt
    base::Milliseconds retry_at_ = 0;        // then there may be another
    bool waits_ = false;                     // for other nodes, and has said so
};

// Where a node keeps what was issued until the catalog has it: sealed as it is there.
std::string kept_certificate_file(const config::Config& config);

// What a node keeps of certificates, for its user alone. Not acme/: that is certbot's webroot, and so root's, where the
// shared folder is the data folder.
std::string certificates_folder(const config::Config& config);

// What an authority is to be answered; nullopt: nobody ordered that.
std::optional<std::string> challenge_answer(const Services& services, const std::string& token);

}  // namespace bodega::app
