// Slows down guessing: attempts are counted in the catalog per account and per address, on every node alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/services.h"

namespace bodega::app {

// One attempt, counted as failed when it begins; Thread: its caller's.
class Attempt {
public:
    // username_key: of the account that is tried; nullopt: a name that no account can have.
    // Throws Error{throttled} with the seconds to wait when either has had accounts.attempts in the window.
    Attempt(const Services& services, const std::optional<std::string>& username_key, std::string_view address);

    // It was the right password: the account's count is cleared, the address's loses this one.
    // Requires: a transaction.
    void succeed(db::Connection& connection) const;

private:
    std::string account_, address_;  // the subjects; empty: not counted
};

// The subject of an address: IPv6 by its /64, which one household has; empty for none.
std::string address_subject(std::string_view address);

}  // namespace bodega::app
