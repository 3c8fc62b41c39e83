#include "app/auth/throttle.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "app/auth/audit.h"
#include "base/encoding.h"
#include "base/error.h"
#include "store/auth/attempts.h"

namespace bodega::app {
namespace {

constexpr std::size_t kNetworkBytes = 8;  // the first bytes of an IPv6 address, which identify its /64 network
// the prefix of an IPv4-mapped IPv6 address
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr base::Milliseconds kHour = 60 * 60 * 1000;
// the most audit records about failures per hour, for all accounts together
constexpr std::int64_t kRecordsPerHour = 500;

// Failures are counted by subject, a text that begins with one of these prefixes. The key of a user name contains no
// space, so subjects that count different failures are never equal.
constexpr std::string_view kPair = "pair ", kNetwork = "network ", kDevice = "device ", kHourly = "hourly ",
                           kSetUp = "setup ";
constexpr std::string_view kRecords = "records";
// The prefix of the subjects by which nodes of the previous version count failures.
constexpr std::string_view kFormerAccount = "account:";

std::string pair_prefix(std::string_view key) { return std::string(kPair).append(key) + ' '; }
std::string device_prefix(std::string_view key) { return std::string(kDevice).append(key) + ' '; }

std::string device_subject(std::string_view key, const store::SecretHash& hash) {
    return device_prefix(key) + base::hex(std::span(hash).first(16));
}

}  // namespace

std::string network_of(std::string_view address) {
    std::array<std::uint8_t, 16> bytes{};
    std::string text(address);
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) return text.substr(text.rfind(':') + 1);
    return base::hex(std::span(bytes).first(kNetworkBytes)) + "/64";
}

Attempt::Attempt(const Services& services, Claimant claimant, Origin origin, SignInCounts* counts)
    : services_(services), claimant_(std::move(claimant)), origin_(std::move(origin)), counts_(counts) {
    const config::Accounts& accounts = services.config.accounts;
    const std::string network = network_of(origin_.address);
    if (claimant_.set_up) {
        if (!network.empty()) bounds_.push_back({"set-up", std::string(kSetUp) + network, accounts.attempts});
        return;
    }
    if (claimant_.device && claimant_.username_key) {
        bounds_.push_back({"device", device_subject(*claimant_.username_key, *claimant_.device), accounts.attempts});
        return;
    }
    if (claimant_.username_key) {
        bounds_.push_back({"account", pair_prefix(*claimant_.username_key) + network, accounts.attempts});
        hourly_ = std::string(kHourly) + *claimant_.username_key;
    }
    if (!network.empty()) bounds_.push_back({"network", std::string(kNetwork) + network, kWider * accounts.attempts});
}

void Attempt::refuse(base::Milliseconds wait) {
    if (counts_) ++counts_->refused;
    throw base::Error(base::Code::throttled, "Too many failed attempts. Wait a while before the next one.",
                      static_cast<int>((wait + 999) / 1000));
}

void Attempt::check() {
    base::Milliseconds wait = 0;
    services_.catalog.read([&](db::Connection& connection) {
        store::Attempts attempts(connection);
        for (const Bound& bound : bounds_) {
            const store::AttemptCount count = attempts.count(bound.subject);
            if (count.failures >= bound.max) wait = std::max(wait, count.ends_in);
        }
        slowed_ = !hourly_.empty() && attempts.count(hourly_).failures >= kWider * services_.config.accounts.attempts;
    });
    if (wait > 0) refuse(wait);
    if (slowed_ && counts_) ++counts_->slowed;
}

void Attempt::fail() {
    const base::Milliseconds window = services_.config.accounts.attempts_window.count();
    base::Milliseconds wait = 0;
    std::vector<std::string_view> reached;
    services_.catalog.transact([&](db::Connection& connection) {
        store::Attempts attempts(connection);
        reached.clear();
        wait = 0;
        for (const Bound& bound : bounds_) {
            const store::AttemptCount count = attempts.lock(bound.subject);
            if (count.failures >= bound.max) wait = std::max(wait, count.ends_in);
        }
        if (wait > 0) return;
        for (const Bound& bound : bounds_)
            if (attempts.add(bound.subject, window).failures >= bound.max) reached.push_back(bound.scope);
        const std::int64_t in_hour = hourly_.empty() ? 0 : attempts.add(hourly_, kHour).failures;
        record_failure(connection, in_hour, reached);
    });
    if (wait > 0) refuse(wait);
    if (!counts_) return;
    ++counts_->wrong;
    counts_->lockouts += reached.size();
}

void Attempt::record_failure(db::Connection& connection, std::int64_t in_hour,
                             const std::vector<std::string_view>& reached) {
    if (!claimant_.username_key) return;
    if (store::Attempts(connection).add(kRecords, kHour).failures > kRecordsPerHour) return;
    Actor nobody;
    nobody.origin = origin_;
    // Does not record a name without an account: a user may have typed a password into the name field.
    const std::string name = claimant_.username.value_or("");
    record(connection, nobody, "session.fail", name, claimant_.user_id);
    for (const std::string_view scope : reached)
        record(connection, nobody, "session.lock", name, claimant_.user_id, detail("scope", scope));
    if (in_hour == kWider * services_.config.accounts.attempts)
        record(connection, nobody, "session.slow", name, claimant_.user_id);
}

void Attempt::succeed(db::Connection& connection) {
    store::Attempts attempts(connection);
    base::Milliseconds wait = 0;
    for (const Bound& bound : bounds_) {
        const store::AttemptCount count = attempts.lock(bound.subject);
        if (count.failures >= bound.max) wait = std::max(wait, count.ends_in);
    }
    if (wait > 0) refuse(wait);
    for (const Bound& bound : bounds_)
        if (bound.scope != "network") attempts.clear(bound.subject);
}

void clear_failures(db::Connection& connection, std::string_view username_key) {
    store::Attempts attempts(connection);
    const std::string pairs = pair_prefix(username_key);
    for (const std::string& subject : attempts.starting_with(pairs)) {
        attempts.clear(subject);
        attempts.clear(std::string(kNetwork) + subject.substr(pairs.size()));
    }
    for (const std::string& subject : attempts.starting_with(device_prefix(username_key))) attempts.clear(subject);
    attempts.clear(std::string(kHourly).append(username_key));
    attempts.clear(std::string(kFormerAccount).append(username_key));
}

}  // namespace bodega::app
