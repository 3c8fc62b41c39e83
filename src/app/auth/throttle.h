// Limits password guessing, but does not let strangers lock an account's owner out. All counts are in the catalog, so
// all nodes use the same counts.
//
// Only wrong passwords count; attempts that were refused without a check of the password do not. The counts and their
// limits:
//
// - per account and network together (accounts.attempts), and per network (ten times as many). At the limit, further
//   attempts are refused until the window closes.
// - for a browser that has signed in to the account before: per account and device (accounts.attempts), instead of the
//   two above. So other people's failures do not lock this browser out.
// - per account and hour (ten times accounts.attempts). At the limit, attempts from unknown devices are answered two
//   seconds later.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/services.h"

namespace bodega::app {

// The factor of accounts.attempts for two limits: per network, and per account and hour.
inline constexpr std::int64_t kWider = 10;
inline constexpr config::Duration kSlowedBy = std::chrono::seconds(2);

// Counts of how sign-ins ended, for the metrics.
struct SignInCounts {
    std::atomic<std::uint64_t> right{0}, wrong{0}, refused{0};  // refused: the password was not checked
    std::atomic<std::uint64_t> lockouts{0}, slowed{0};          // lockouts: how often a limit was reached
};

// The client that attempts to sign in. The account may or may not exist.
struct Claimant {
    std::optional<std::string> username_key;  // empty if no account can have that name
    std::optional<base::Ulid> user_id;        // empty if the account does not exist
    std::optional<std::string> username;      // the account's user name; empty if the account does not exist
    std::optional<store::SecretHash> device;  // empty if the account does not know the device
    bool set_up = false;                      // true for an attempt at the set-up link, which belongs to no account
};

// One attempt to sign in. Used by one thread.
class Attempt {
public:
    // counts: may be null. Requires: `counts` outlives this object.
    Attempt(const Services& services, Claimant claimant, Origin origin, SignInCounts* counts = nullptr);

    // An attempt at the set-up link, limited to accounts.attempts per network.
    static Attempt at_set_up(const Services& services, Origin origin) {
        Claimant claimant;
        claimant.set_up = true;
        return {services, std::move(claimant), std::move(origin)};
    }

    // Throws Error{throttled} with the seconds to wait, if a limit is reached.
    void check();

    // Valid after check(). True if the account has so many failures that unknown devices have to wait (kSlowedBy).
    bool is_slowed() const noexcept { return slowed_; }

    // Counts and records a wrong password. If concurrent attempts have reached a limit meanwhile, counts nothing and
    // throws Error{throttled}.
    void fail();

    // Called after a right password. Clears the failures of this account and network, or those of this device. Throws
    // Error{throttled} if concurrent attempts have reached a limit meanwhile. Requires: a transaction.
    void succeed(db::Connection& connection);

private:
    struct Bound {
        std::string_view scope;  // the name in the audit log: "account", "network", "device" or "set-up"
        std::string subject;
        std::int64_t max;
    };
    void refuse(base::Milliseconds wait);
    void record_failure(db::Connection& connection, std::int64_t in_hour, const std::vector<std::string_view>& reached);

    const Services& services_;
    const Claimant claimant_;
    const Origin origin_;
    SignInCounts* counts_;
    std::vector<Bound> bounds_;
    // The subject by which the account's failures per hour are counted. Empty if no account can have the name, or if
    // the device is known.
    std::string hourly_;
    bool slowed_ = false;
};

// Clears the failures of an account and of the networks from which they came. Requires: a transaction.
void clear_failures(db::Connection& connection, std::string_view username_key);

// The network for which an address's failures count: the /64 of an IPv6 address, an IPv4 address itself, or empty for
// an empty address.
std::string network_of(std::string_view address);

}  // namespace bodega::app
