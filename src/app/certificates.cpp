#include "app/certificates.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "acme/client.h"
#include "acme/seal.h"
#include "acme/validity.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "blobs/digest.h"
#include "config/read.h"
#include "store/acme.h"
#include "store/leases.h"

namespace bodega::app {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kLease = "acme";
// Longer than an order takes, whose waits are bounded; who stalls for longer finds that it lost the lease.
constexpr base::Milliseconds kOrder = std::chrono::milliseconds(std::chrono::minutes(15)).count();
constexpr base::Milliseconds kChallenge = kOrder;

std::string short_digest(const std::string& text) {
    return base::hex(blobs::sha256(base::as_bytes(text))).substr(0, 32);
}

std::string account_name(const config::Acme& settings) { return "account " + short_digest(settings.directory); }

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
            base::log::info("acme", "an answer stays until it expires", {{"error", error.what()}});
        }
    }

private:
    const Services& services_;
};

std::optional<Json> open_secret(db::Connection& connection, const std::string& secret, const std::string& name) {
    auto sealed = store::Acme(connection).find_secret(name);
    if (!sealed) return std::nullopt;
    return Json::parse(acme::unseal(secret, name, *sealed));
}

// The one of the catalog, made if there is none.
acme::Key account_key(const Services& services, const std::string& secret, const std::string& name) {
    std::string pem = services.catalog.transact([&](db::Connection& connection) {
        if (auto known = open_secret(connection, secret, name)) return known->at("key").get<std::string>();
        std::string made = acme::Key::make().pem();
        store::Acme(connection).put_secret(name, acme::seal(secret, name, Json{{"key", made}}.dump()));
        return made;
    });
    return acme::Key::of_pem(pem);
}

// Two thirds of its time, and some more by chance, so that many bodegas do not come at once.
base::Milliseconds renewal_of(const std::string& chain) {
    acme::Validity validity = acme::validity_of(chain);
    base::Milliseconds lifetime = std::max<base::Milliseconds>(validity.until - validity.from, 1);
    auto jitter = base::random_below(static_cast<std::uint64_t>(lifetime) / 20 + 1);
    return validity.from + lifetime * 2 / 3 + static_cast<base::Milliseconds>(jitter);
}

}  // namespace

std::string certificate_record(const config::Acme& settings) {
    std::vector<std::string> names = settings.names;
    std::sort(names.begin(), names.end());
    std::string all = settings.directory;
    for (const std::string& name : names) all.append("\n").append(name);
    return "certificate " + short_digest(all);
}

Certificates::Certificates(const Services& services, Pause pause)
    : services_(services),
      settings_(services.config.edge.acme),
      pause_(std::move(pause)),
      secret_(config::read_secret(settings_.secret_file, "edge.acme.secret_file")) {}

std::optional<ServedCertificate> Certificates::current() {
    auto found = services_.catalog.read(
        [&](db::Connection& connection) { return open_secret(connection, secret_, certificate_record(settings_)); });
    if (!found) return std::nullopt;
    return ServedCertificate{found->at("chain").get<std::string>(), found->at("key").get<std::string>(),
                             found->at("renew_at").get<base::Milliseconds>()};
}

bool Certificates::renew_if_due() {
    auto is_due = [this] {
        auto known = current();
        return !known || base::now_ms() >= known->renew_at;
    };
    if (!is_due()) return false;
    if (failure_ && base::now_ms() < retry_at_) throw base::Error(*failure_);
    // Each attempt is an owner of its own: who failed is held back by the lease as all others are.
    const base::Ulid attempt = base::Ulid::make();
    auto fence = services_.catalog.transact(
        [&](db::Connection& connection) { return store::Leases(connection).acquire(kLease, attempt, kOrder); });
    if (!fence) {
        if (!std::exchange(waits_, true))
            base::log::info("acme", "no order yet: another node is at it, or one has failed within edge.acme.retry");
        return false;
    }
    waits_ = false;
    failure_.reset();
    try {
        // Another node may have been done just before.
        std::string record = is_due() ? order() : std::string();
        services_.catalog.transact([&](db::Connection& connection) {
            store::Leases leases(connection);
            if (!record.empty()) {
                if (!leases.renew(kLease, attempt, *fence, kOrder))
                    throw base::Error(base::Code::unavailable, "acme: the order took too long; another node has it");
                std::string name = certificate_record(settings_);
                store::Acme(connection).put_secret(name, acme::seal(secret_, name, record));
            }
            leases.release(kLease, attempt, *fence);
        });
        return !record.empty();
    } catch (const base::Error& failure) {
        hold_back(attempt, *fence, failure);
        throw;
    }
}

// The certificate with its key, as the catalog's record has them.
std::string Certificates::order() {
    acme::Https https(settings_.authorities);
    acme::Key account = account_key(services_, secret_, account_name(settings_));
    acme::Key key = acme::Key::make();
    Board board(services_);
    acme::Client client(https, account, settings_.directory, pause_);
    base::log::info("acme", "a certificate is ordered", {{"directory", settings_.directory}});
    std::string chain = client.order(settings_.names, key, settings_.contact, board);
    base::Milliseconds renew_at = renewal_of(chain);
    base::log::info("acme", "there is a new certificate", {{"renewal", base::rfc3339(renew_at)}});
    return Json{{"chain", chain}, {"key", key.pem()}, {"renew_at", renew_at}}.dump();
}

// The lease goes on for as long as nobody is to try again: authorities count failures.
void Certificates::hold_back(const base::Ulid& attempt, std::int64_t fence, const base::Error& failure) {
    const auto some = base::random_below(static_cast<std::uint64_t>(settings_.retry.count()) / 10 + 1);
    const base::Milliseconds longer = settings_.retry.count() + static_cast<base::Milliseconds>(some);
    failure_ = failure;
    retry_at_ = base::now_ms() + longer;
    base::log::info("acme", "the order failed", {{"next_attempt", base::rfc3339(retry_at_)}});
    try {
        services_.catalog.transact(
            [&](db::Connection& connection) { store::Leases(connection).renew(kLease, attempt, fence, longer); });
    } catch (const base::Error& error) {
        base::log::info("acme", "the lease stays until it ends", {{"error", error.what()}});
    }
}

std::optional<std::string> challenge_answer(const Services& services, const std::string& token) {
    return services.catalog.read(
        [&](db::Connection& connection) { return store::Acme(connection).find_challenge(token); });
}

}  // namespace bodega::app
