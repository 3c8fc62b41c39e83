// Passwords: Argon2id hashes (RFC 9106), with a limit on how many are computed at once.
//
// A hash takes accounts.argon2_memory bytes and tens of milliseconds. So at most accounts.argon2_concurrency hashes run
// at a time, and a caller's wait is bounded (hash_queue.h). If the control group's memory limit is too low for that,
// new hashes take less memory and more passes. Thread-safe; one per process.
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
    // memory: reads the memory limit; by default, from the kernel. Only tests pass another function.
    explicit Passwords(
        const config::Accounts& accounts, HashMemory::Look memory = [] { return base::memory_limit(); });

    // Throws Error{invalid} for a password that is shorter than accounts.password_min_length characters, longer than
    // 1024 bytes, not UTF-8, or guessable (guessable_passwords.h). No particular kinds of characters are required.
    void check_rules(std::string_view password, std::string_view username) const;

    // Returns the encoded hash of the composed form ("$argon2id$v=19$…"). Throws Error{unavailable} if the caller gets
    // no turn within 10 s, if the queue is full, or if there is not enough memory.
    std::string hash(std::string_view password, const HashQueue::Caller& caller = {});

    // True if the password matches the encoded hash in any Unicode form. Pass an empty `encoded` for an account that
    // does not exist. The call then verifies against a dummy hash, which takes the same time, and returns false.
    bool verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller = {});

    // True if a new hash would have other parameters. The caller should then hash the password again while it knows the
    // password. A hash with less memory that takes as long is not outdated: a node with less memory may have made it.
    bool is_outdated(std::string_view encoded) const;

    int password_min_length() const noexcept { return accounts_.password_min_length; }

    // The memory of a new hash, in bytes.
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
    const Cost cost_;  // the parameters of new hashes
    const std::string dummy_;
    HashQueue queue_;
    HashMemory memory_;
};

}  // namespace bodega::app
