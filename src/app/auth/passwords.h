// Passwords: Argon2id hashes, with a bound on how many are computed at once.
//
// A hash takes accounts.argon2_memory bytes and tens of milliseconds, so at most argon2_concurrency run
// at a time and a caller waits a bounded time for its turn (hash_queue.h). Where the control group allows too little
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
    // memory: tests give another than that of the kernel.
    explicit Passwords(
        const config::Accounts& accounts, HashMemory::Look memory = [] { return base::memory_limit(); });

    // Throws Error{invalid}: shorter than accounts.password_min_length characters, longer than 1024 bytes,
    // not UTF-8, or one that everybody tries first (guessable_passwords.h). There are no rules of composition.
    void check_rules(std::string_view password, std::string_view username) const;

    // The encoded hash of its composed form ("$argon2id$v=19$…"). Throws Error{unavailable} if no turn came within ten
    // seconds, too many wait already, or there is no memory for it.
    std::string hash(std::string_view password, const HashQueue::Caller& caller = {});

    // Whether the password fits the encoded hash, in whichever of Unicode's forms either is. Takes the same time for a
    // missing account: give an empty `encoded`, and a dummy hash is computed.
    bool verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller = {});

    // The hash was made with other parameters than new ones are: make it anew while the password is at hand. One that
    // takes as long in less memory is as good: another node has less.
    bool is_outdated(std::string_view encoded) const;

    int password_min_length() const noexcept { return accounts_.password_min_length; }

    // Bytes of a new hash.
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
