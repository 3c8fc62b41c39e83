// Limits password guessing without letting strangers lock an account's owner out. All counts are in the catalog, so
// every node sees the same.
//
// Only wrong passwords count; refused attempts do not. Failures count
//   - per account and network together (limit: accounts.attempts), and per network (ten times as many): further
//     attempts are refused until the window closes;
//   - for a browser that has signed in to the account before, per account and known device instead: other people's
//     failures do not lock it out;
//   - per account and hour (ten times accounts.attempts): further attempts from unknown devices are answered two
//     seconds later.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/services.h"

namespace bodega::app {

inline constexpr std::int64_t kWider = 10;  // times accounts.attempts: the limit per network, and per account and hour
inline constexpr config::Duration kSlowedBy = std::chrono::seconds(2);

// Counts of how sign-ins ended, for the metrics.
struct SignInCounts {
    std::atomic<std::uint64_t> right{0}, wrong{0}, refused{0};  // refused: too many failures before
    std::atomic<std::uint64_t> lockouts{0}, slowed{0};          // lockouts: times that a limit was reached
};

// The person or program that attempts to sign in. Whether the account exists makes no difference.
struct Claimant {
    std::optional<std::string> username_key;  // empty: a name that no account can have
    std::optional<base::Ulid> user_id;        // empty: the account does not exist
    std::optional<std::string> username;      // of the account
    std::optional<store::SecretHash> device;  // a device that the account knows; else empty
    bool set_up = false;                      // the attempt is at the set-up link, which belongs to no account
};

// One attempt to sign in. Used by one thread.
class Attempt {
public:
    // Requires: `counts`, if given, outlives it.
    Attempt(const Services& services, Claimant claimant, Origin origin, SignInCounts* counts = nullptr);

    // An attempt at the set-up link: accounts.attempts per network.
    static Attempt at_set_up(const Services& services, Origin origin) {
        Claimant claimant;
        claimant.set_up = true;
        return {services, std::move(claimant), std::move(origin)};
    }

    // Throws Error{throttled} with the seconds to wait, if a limit is reached.
    void check();

    // After check(): true if the account has so many failures that unknown devices wait (kSlowedBy).
    bool is_slowed() const noexcept { return slowed_; }

    // Counts and records a wrong password. Throws Error{throttled}, and counts nothing, if concurrent attempts reached
    // a limit first.
    void fail();

    // Clears the failures of this account and network, or of this device, after a right password. Throws
    // Error{throttled} as fail() does. Requires: a transaction.
    void succeed(db::Connection& connection);

private:
    struct Bound {
        std::string_view scope;  // for the audit log: "account", "network", "device", "set-up"
        std::string subject;
        std::int64_t most;
    };
    void refuse(base::Milliseconds wait);
    void record_failure(db::Connection& connection, std::int64_t in_hour, const std::vector<std::string_view>& reached);

    const Services& services_;
    const Claimant claimant_;
    const Origin origin_;
    SignInCounts* counts_;
    std::vector<Bound> bounds_;
    std::string hourly_;  // the account's subject; empty: no such name, or a known device
    bool slowed_ = false;
};

// Clears the failures of an account, and those of the networks that they came from. Requires: a transaction.
void clear_failures(db::Connection& connection, std::string_view username_key);

// The network of an address that failures count for: an IPv6 address's /64, an IPv4 address itself, empty for no
// address.
std::string network_of(std::string_view address);

}  // namespace bodega::app
