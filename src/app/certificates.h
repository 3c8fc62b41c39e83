// The fleet's certificate from an authority: one node orders it, under the lease "acme", and all serve it. Key, account
// and certificate are in the catalog, sealed with edge.acme.secret_file. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "app/services.h"
#include "base/error.h"
#include "base/ulid.h"

namespace bodega::app {

struct ServedCertificate {
    std::string chain;  // PEM
    std::string key;    // PEM, a secret
    base::Milliseconds renew_at = 0;
};

class Certificates {
public:
    // `pause` waits for so long; false: this node stops, and an order is given up.
    using Pause = std::function<bool(std::chrono::milliseconds)>;

    // Throws Error{config_invalid} if the secret can't be read. Requires: edge.acme.names is not empty.
    Certificates(const Services& services, Pause pause);

    // What the catalog has. Throws Error{config_invalid} if it was sealed with another secret.
    std::optional<ServedCertificate> current();

    // Orders one if there is none or two thirds of its time are over, unless another node is at it. True: there is a
    // new one. Throws what went wrong; then no node tries again for edge.acme.retry, and until then this one throws
    // the same to who asks.
    bool renew_if_due();

private:
    std::string order();
    void hold_back(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure);

    const Services& services_;
    const config::Acme& settings_;
    const Pause pause_;
    const std::string secret_;
    std::optional<base::Error> failure_;  // of the last attempt
    base::Milliseconds retry_at_ = 0;     // then there may be another
    bool waits_ = false;                  // for other nodes, and has said so
};

// The name of its record in the catalog: other names, or another authority, are another certificate.
std::string certificate_record(const config::Acme& settings);

// What an authority is to be answered; nullopt: nobody ordered that.
std::optional<std::string> challenge_answer(const Services& services, const std::string& token);

}  // namespace bodega::app
