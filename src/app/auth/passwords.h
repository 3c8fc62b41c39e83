// Passwords: Argon2id hashes (RFC 9106), with a limit on how many are computed at once.
//
// A hash takes accounts.argon2_memory bytes and tens of milliseconds, so at most accounts.argon2_concurrency run at a
// time, and a caller waits a bounded time for its turn (hash_queue.h). If the control group's memory limit is too low
// for that, new hashes take less memory and more passes. Thread-safe; one a process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/auth/hash_memory.h"
#include "app/auth/hash_queue.h"
#include "config/config.h"

namespace bodega::app {

class Passwords {
public:
    // memory: reads the memory limit. Tests pass another than the kernel's.
    explicit Passwords(
        const config::Accounts& accounts, HashMemory::Look memory = [] { return base::memory_limit(); });

    // Throws Error{invalid} for a password that is shorter than accounts.password_min_length characters, longer than
    // 1024 bytes, not UTF-8, or guessable (guessable_passwords.h). There are no rules of composition.
    void check_rules(std::string_view password, std::string_view username) const;

    // Returns the encoded hash of the composed form ("$argon2id$v=19$…"). Throws Error{unavailable} if no turn came
    // within 10 s, if too many callers wait already, or if there is no memory for it.
    std::string hash(std::string_view password, const HashQueue::Caller& caller = {});

    // True if the password matches the encoded hash, in any of Unicode's forms. For a missing account pass an empty
    // `encoded`: this verifies against a dummy hash, which takes the same time, and returns false.
    bool verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller = {});

    // True if the hash has other parameters than a new one: hash again while the password is known. A hash with less
    // memory that takes as long is not outdated, since another node may have less memory.
    bool is_outdated(std::string_view encoded) const;

    int password_min_length() const noexcept { return accounts_.password_min_length; }

    // The memory that a new hash takes, in bytes.
    std::int64_t memory() const noexcept { return std::int64_t{cost_.memory_kib} << 10; }

private:
    struct Cost {
        std::uint32_t memory_kib;
        std::uint32_t passes;
    };
    static Cost fitting_cost(const config::Accounts& accounts, const std::optional<base::MemoryLimit>& limit);
    static std::string prefix(const Cost& cost);
    static std::string make_dummy(const Cost& cost);
    static std::optional<Cost> cost_of(std::string_view encoded);

    const config::Accounts& accounts_;
    const Cost cost_;  // of new hashes
    const std::string dummy_;
    HashQueue queue_;
    HashMemory memory_;
};

}  // namespace bodega::app
