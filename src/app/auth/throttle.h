// Bounds guessing without letting strangers lock anybody out. All counts are in the catalog, so every node sees the
// same.
//
// Only wrong passwords count; a try that is refused does not. They count
//   - per account and network together (accounts.attempts), and per network (ten times as many): tries beyond are
//     refused until the window closes;
//   - per account and known device, for a browser that has signed in to the account before: neither of the others, so
//     nobody else's failures keep it out;
//   - per account and hour (ten times accounts.attempts): beyond, tries of unknown devices are answered two seconds
//     later.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/services.h"

namespace bodega::app {

inline constexpr std::int64_t kWider = 10;  // the bounds of a network, and of an account in an hour
inline constexpr config::Duration kSlowedBy = std::chrono::seconds(2);

// How sign-ins ended, for the metrics.
struct SignInCounts {
    std::atomic<std::uint64_t> right{0}, wrong{0}, refused{0};  // refused: too many failures before
    std::atomic<std::uint64_t> lockouts{0}, slowed{0};          // lockouts: times that a bound was reached
};

// Who tries. The account may not exist: that makes no difference.
struct Trier {
    std::optional<std::string> username_key;  // none: a name that no account can have
    std::optional<base::Ulid> user_id;        // none: no such account
    std::optional<std::string> username;      // of the account
    std::optional<store::SecretHash> device;  // one that the account knows
    bool set_up = false;                      // it is the set-up link that is tried, which belongs to no account
};

// One try. Used by one thread.
class Attempt {
public:
    // Requires: `counts`, if given, outlives it.
    Attempt(const Services& services, Trier trier, Origin origin, SignInCounts* counts = nullptr);

    // A try at the set-up link: accounts.attempts per network.
    static Attempt at_set_up(const Services& services, Origin origin) {
        Trier trier;
        trier.set_up = true;
        return {services, std::move(trier), std::move(origin)};
    }

    // Throws Error{throttled} with the seconds to wait.
    void check();

    // After check(): unknown devices wait a while, since the account has many failures.
    bool is_slowed() const noexcept { return slowed_; }

    // It was wrong: counts and records it. Throws Error{throttled}, and counts nothing, if others that ran beside it
    // reached a bound first.
    void fail();

    // It was right: clears what this account and network, or this device, failed before. Throws Error{throttled} as
    // fail() does. Requires: a transaction.
    void succeed(db::Connection& connection);

private:
    struct Bound {
        std::string_view scope;  // for the audit: "account", "network" or "device"
        std::string subject;
        std::int64_t most;
    };
    void refuse(base::Milliseconds wait);
    void record_failure(db::Connection& connection, std::int64_t in_hour, const std::vector<std::string_view>& reached);

    const Services& services_;
    const Trier trier_;
    const Origin origin_;
    SignInCounts* counts_;
    std::vector<Bound> bounds_;
    std::string hourly_;  // the account's subject; empty: none, or a known device
    bool slowed_ = false;
};

// Forgets the failures at an account, and those of the networks that they came from. Requires: a transaction.
void clear_failures(db::Connection& connection, std::string_view username_key);

// The network of an address, as it is counted: IPv6 by its /64, which one household has; empty for none.
std::string network_of(std::string_view address);

}  // namespace bodega::app
