#include "app/fleet/certificates.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "acme/seal.h"
#include "acme/validity.h"
#include "base/error.h"
#include "base/log.h"
#include "base/private_file.h"
#include "base/random.h"
#include "config/read.h"
#include "store/fleet/acme.h"
#include "store/fleet/leases.h"

namespace bodega::app {
namespace {

constexpr std::string_view kLease = "acme";
// Milliseconds. Longer than any order takes, since all waits of an order are bounded.
constexpr base::Milliseconds kOrder = std::chrono::milliseconds(std::chrono::minutes(15)).count();
constexpr base::Milliseconds kChallenge = kOrder;

class Board final : public acme::ChallengeBoard {
public:
    explicit Board(const Services& services) : services_(services) {}

    void put(const std::string& token, const std::string& answer) override {
        services_.catalog.transact(
            [&](db::Connection& connection) { store::Acme(connection).put_challenge(token, answer, kChallenge); });
    }
    void remove(const std::string& token) noexcept override {
        try {
            services_.catalog.transact(
                [&](db::Connection& connection) { store::Acme(connection).remove_challenge(token); });
        } catch (const base::Error& error) {
            base::log::info("acme", "could not remove a challenge's answer; it stays until it expires",
                            {{"error", error.what()}});
        }
    }

private:
    const Services& services_;
};

// Sets the renewal to two thirds of the certificate's lifetime, plus a random time of up to a twentieth of the
// lifetime. So many installations do not renew at the same time.
IssuedCertificate issued(std::string chain, std::string key, base::Milliseconds now) {
    const acme::Validity validity = acme::validity_of(chain);
    const base::Milliseconds lifetime = std::max<base::Milliseconds>(validity.until - validity.from, 1);
    const auto jitter = base::random_below(static_cast<std::uint64_t>(lifetime) / 20 + 1);
    const base::Milliseconds used = lifetime * 2 / 3;
    return {std::move(chain), std::move(key), validity.from + used + static_cast<base::Milliseconds>(jitter), now,
            now + used};
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string certificates_folder(const config::Config& config) { return config.node.data_dir + "/certificates"; }

std::string kept_certificate_file(const config::Config& config) { return certificates_folder(config) + "/issued"; }

Certificates::Certificates(const Services& services, Pause pause, Authority authority)
    : services_(services),
      settings_(services.config.edge.acme),
      pause_(std::move(pause)),
      authority_(std::move(authority)),
      secret_(config::read_key(settings_.secret_file, "edge.acme.secret_file")),
      kept_file_(kept_certificate_file(services.config)) {
    load_kept();
}

std::optional<IssuedCertificate> Certificates::current() {
    return services_.catalog.read(
        [&](db::Connection& connection) { return CertificateRecords(connection, settings_, secret_).certificate(); });
}

std::optional<std::string> Certificates::why_closed() {
    return services_.catalog.read(
        [&](db::Connection& connection) { return CertificateRecords(connection, settings_, secret_).why_closed(); });
}

// True if the fleet has no certificate or if its certificate is due by the catalog's clock, which all nodes share.
bool Certificates::is_due() {
    return services_.catalog.read([&](db::Connection& connection) {
        const auto known = CertificateRecords(connection, settings_, secret_).certificate();
        return !known || app::is_due(*known, connection.now_ms());
    });
}

bool Certificates::renew_if_due() {
    if (store_kept()) return true;
    if (!is_due()) return false;
    if (failure_ && base::now_ms() < retry_at_) throw base::Error(*failure_);
    // Each attempt has its own owner id. So after a failed attempt the lease also stops this node from ordering, not
    // only the other nodes.
    const base::Ulid attempt = base::Ulid::make();
    auto fence = services_.catalog.transact(
        [&](db::Connection& connection) { return store::Leases(connection).acquire(kLease, attempt, kOrder); });
    if (!fence) {
        if (!std::exchange(waits_, true))
            base::log::info("acme",
                            "no order yet: another node is ordering, or an order has failed within edge.acme.retry");
        return false;
    }
    waits_ = asked_ = false;
    failure_.reset();
    bool stored = false;
    try {
        // Checks again, since another node may have finished an order just before.
        if (is_due()) order();
        stored = store_kept();
    } catch (const base::Error& failure) {
        end_attempt(attempt, *fence, failure);
        throw;
    }
    release(attempt, *fence);
    return stored;
}

void Certificates::order() {
    const acme::Key account = acme::Key::of_pem(account_key());
    const acme::Key key = acme::Key::make();
    Board board(services_);
    const auto now = services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    base::log::info("acme", "a certificate is ordered", {{"directory", settings_.directory}});
    asked_ = true;
    std::string chain = authority_ ? authority_(account, key, board) : ask_authority(account, key, board);
    keep(issued(std::move(chain), key.pem(), now));
}

// Returns the account key in the catalog. Makes and stores a key if the catalog has no key.
std::string Certificates::account_key() {
    return services_.catalog.transact([&](db::Connection& connection) {
        const CertificateRecords records(connection, settings_, secret_);
        if (auto known = records.account_key()) return std::move(*known);
        std::string made = acme::Key::make().pem();
        records.put_account_key(made);
        return made;
    });
}

std::string Certificates::ask_authority(const acme::Key& account, const acme::Key& key, acme::ChallengeBoard& board) {
    acme::Client client({settings_.directory, settings_.authorities}, account, pause_);
    return client.order(settings_.names, key, settings_.contact, board);
}

// --- the issued certificate, until it is stored in the catalog

void Certificates::keep(const IssuedCertificate& certificate) {
    kept_ = certificate;
    base::log::info("acme", "there is a new certificate", {{"renewal", base::rfc3339(certificate.renew_at)}});
    const std::string name = certificate_record(settings_);
    try {
        const base::Bytes sealed = acme::seal(secret_, name, certificate.text());
        base::write_private_file(kept_file_, std::string(sealed.begin(), sealed.end()));
    } catch (const base::Error& error) {
        base::log::info(
            "acme", "could not write the issued certificate to the disk; it is in memory only until the catalog has it",
            {{"error", error.what()}});
    }
}

void Certificates::load_kept() {
    const std::string sealed = read_file(kept_file_);
    if (sealed.empty()) return;
    try {
        kept_ = IssuedCertificate::of_text(acme::unseal(secret_, certificate_record(settings_), sealed));
    } catch (const base::Error&) {
        // The certificate was issued for other names or sealed with another secret, so it is no longer needed.
        ::unlink(kept_file_.c_str());
    }
}

// Returns false if no certificate was kept, or if the catalog has a newer one.
bool Certificates::store_kept() {
    if (!kept_) return false;
    const bool stored = services_.catalog.transact([&](db::Connection& connection) {
        const CertificateRecords records(connection, settings_, secret_);
        const auto known = records.certificate();
        const bool newer = known && (known->ordered_at >= kept_->ordered_at || known->renew_at >= kept_->renew_at);
        if (newer) return false;
        records.put(*kept_);
        return true;
    });
    kept_.reset();
    ::unlink(kept_file_.c_str());
    return stored;
}

// --- the lease of an attempt

// Authorities limit failed orders. So a failed attempt keeps the lease, which delays the next attempt of every node.
// The lease is released if the authority does not count the failure: this node stops, the authority was not asked yet,
// or it had already issued the certificate.
void Certificates::end_attempt(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure) {
    const bool stops = !pause_(std::chrono::milliseconds::zero());
    if (stops || !asked_ || kept_) release(attempt, fence);
    else hold_back(attempt, fence, failure);
}

void Certificates::hold_back(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure) {
    const auto some = base::random_below(static_cast<std::uint64_t>(settings_.retry.count()) / 10 + 1);
    const base::Milliseconds longer = settings_.retry.count() + static_cast<base::Milliseconds>(some);
    failure_ = failure;
    retry_at_ = base::now_ms() + longer;
    base::log::info("acme", "could not order a certificate", {{"next_attempt", base::rfc3339(retry_at_)}});
    try {
        services_.catalog.transact(
            [&](db::Connection& connection) { store::Leases(connection).renew(kLease, attempt, fence, longer); });
    } catch (const base::Error& error) {
        base::log::info("acme", "could not extend the lease after a failed order; it ends by itself",
                        {{"error", error.what()}});
    }
}

void Certificates::release(const base::Ulid& attempt, std::int64_t fence) noexcept {
    try {
        services_.catalog.transact(
            [&](db::Connection& connection) { store::Leases(connection).release(kLease, attempt, fence); });
    } catch (const base::Error& error) {
        base::log::info("acme", "could not release the lease; it stays until it ends", {{"error", error.what()}});
    }
}

std::optional<std::string> challenge_answer(const Services& services, const std::string& token) {
    return services.catalog.read(
        [&](db::Connection& connection) { return store::Acme(connection).find_challenge(token); });
}

}  // namespace bodega::app
