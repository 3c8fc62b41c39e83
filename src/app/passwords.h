// Passwords: Argon2id hashes, with a bound on how many are computed at once.
//
// A hash takes accounts.argon2_memory bytes and tens of milliseconds, so at most argon2_concurrency run
// at a time and a caller waits a bounded time for its turn (hash_queue.h). Thread-safe; one a process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/hash_queue.h"
#include "config/config.h"

namespace bodega::app {

class Passwords {
public:
    explicit Passwords(const config::Accounts& accounts);

    // Throws Error{invalid}: shorter than accounts.password_min_length characters, longer than 1024 bytes,
    // not UTF-8, or one that everybody tries first (guessable_passwords.h). There are no rules of composition.
    void check_rules(std::string_view password, std::string_view username) const;

    // The encoded hash of its composed form ("$argon2id$v=19$…"). Throws Error{unavailable} if no turn came within ten
    // seconds, or too many wait already.
    std::string hash(std::string_view password, const HashQueue::Caller& caller = {});

    // Whether the password fits the encoded hash, in whichever of Unicode's forms either is. Takes the same time for a
    // missing account: give an empty `encoded`, and a dummy hash is computed.
    bool verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller = {});

    // The hash was made with other parameters than the configuration's: make it anew while the password is at hand.
    bool is_outdated(std::string_view encoded) const;

    int password_min_length() const noexcept { return accounts_.password_min_length; }

private:
    const config::Accounts& accounts_;
    const std::string dummy_;
    HashQueue queue_;
};

}  // namespace bodega::app
