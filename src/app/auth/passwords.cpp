#include "app/auth/passwords.h"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "app/auth/guessable_passwords.h"
#include "app/auth/password_forms.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/random.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxBytes = 1024;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::uint32_t kLanes = 1;
constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kLeastMemory = 8 * kMiB;  // the least memory of a hash, however low the memory limit is
constexpr std::string_view kHead = "$argon2id$v=19$m=";

std::string unpadded_base64(std::span<const std::uint8_t> bytes) {
    std::string text = base::base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

// Limits concurrent hashes to half of the memory limit in total. A hash with less memory gets more passes, so that it
// takes about as long.
Passwords::Cost Passwords::fitting_cost(const config::Accounts& accounts,
                                        const std::optional<base::MemoryLimit>& limit) {
    const std::int64_t wanted = std::max<std::int64_t>(accounts.argon2_memory, 8 * kLanes << 10);
    const std::int64_t passes = std::max(accounts.argon2_passes, 1);
    std::int64_t memory = wanted;
    if (limit) {
        const std::int64_t share = limit->max / 2 / std::max(accounts.argon2_concurrency, 1);
        memory = std::min(wanted, std::max(share & -kMiB, kLeastMemory));
    }
    const std::int64_t more = (wanted * passes + memory - 1) / memory;
    return {static_cast<std::uint32_t>(memory >> 10), static_cast<std::uint32_t>(more)};
}

// The beginning of an encoded hash with these parameters.
std::string Passwords::prefix(const Cost& cost) {
    return std::string(kHead) + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.passes) +
           ",p=" + std::to_string(kLanes) + "$";
}

// Returns a random hash that matches no password.
std::string Passwords::make_dummy(const Cost& cost) {
    std::array<std::uint8_t, kSaltBytes> salt{};
    std::array<std::uint8_t, kHashBytes> hash{};
    base::fill_random(salt);
    base::fill_random(hash);
    return prefix(cost) + unpadded_base64(salt) + "$" + unpadded_base64(hash);
}

// Parses an encoded hash. Returns std::nullopt if bodega did not make it.
std::optional<Passwords::Cost> Passwords::cost_of(std::string_view encoded) {
    if (!encoded.starts_with(kHead)) return std::nullopt;
    Cost cost{};
    const char* const end = encoded.data() + encoded.size();
    const auto memory = std::from_chars(encoded.data() + kHead.size(), end, cost.memory_kib);
    constexpr std::string_view kPasses = ",t=";
    const std::string_view rest(memory.ptr, static_cast<std::size_t>(end - memory.ptr));
    if (memory.ec != std::errc() || !rest.starts_with(kPasses)) return std::nullopt;
    const auto passes = std::from_chars(rest.data() + kPasses.size(), end, cost.passes);
    if (passes.ec != std::errc() || !encoded.starts_with(prefix(cost))) return std::nullopt;
    return cost;
}

Passwords::Passwords(const config::Accounts& accounts, HashMemory::Look memory)
    : accounts_(accounts),
      cost_(fitting_cost(accounts, memory())),
      dummy_(make_dummy(cost_)),
      queue_(accounts.argon2_concurrency),
      memory_(std::move(memory)) {}

void Passwords::check_rules(std::string_view password, std::string_view username) const {
    auto refuse = [](const std::string& why) {
        throw Error(Code::invalid, "That password can't be used: " + why + ".");
    };
    if (!base::is_utf8(password)) refuse("it is not UTF-8");
    if (password.size() > kMaxBytes) refuse("it is longer than 1024 bytes");
    const std::string composed = composed_password(password);
    if (character_count(composed) < static_cast<std::size_t>(accounts_.password_min_length))
        refuse("it needs at least " + std::to_string(accounts_.password_min_length) + " characters");
    if (const std::string_view why = why_guessable(composed, username); !why.empty()) refuse(std::string(why));
}

std::string Passwords::hash(std::string_view password, const HashQueue::Caller& caller) {
    std::array<std::uint8_t, kSaltBytes> salt{};
    base::fill_random(salt);
    std::array<char, 256> encoded{};
    const std::string composed = composed_password(password);
    const HashQueue::Turn turn(queue_, caller);
    const HashMemory::Use use(memory_, memory());
    int result = argon2id_hash_encoded(cost_.passes, cost_.memory_kib, kLanes, composed.data(), composed.size(),
                                       salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
        throw Error(Code::unavailable, "The server has no memory left for a sign-in right now. Try again.", 2);
    if (result != ARGON2_OK) throw Error(Code::internal, std::string("argon2: ") + argon2_error_message(result));
    return encoded.data();
}

bool Passwords::verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller) {
    // Limits the work for a very long password. No account has a password of more than kMaxBytes bytes. So the first
    // kMaxBytes + 1 bytes match no hash, and their check takes as long as any other.
    if (password.size() > kMaxBytes) password = password.substr(0, kMaxBytes + 1);
    const std::string& against = encoded.empty() ? dummy_ : encoded;
    const auto cost = cost_of(against);
    const HashQueue::Turn turn(queue_, caller);
    const HashMemory::Use use(memory_, cost ? std::int64_t{cost->memory_kib} << 10 : 0);
    for (const std::string& form : password_forms(password)) {
        const int result = argon2id_verify(against.c_str(), form.data(), form.size());
        if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
            throw Error(Code::unavailable, "The server has no memory left for a sign-in right now. Try again.", 2);
        if (result == ARGON2_OK) return !encoded.empty();
    }
    return false;
}

bool Passwords::is_outdated(std::string_view encoded) const {
    const auto cost = cost_of(encoded);
    if (!cost || cost->memory_kib > cost_.memory_kib) return true;
    if (cost->memory_kib == cost_.memory_kib) return cost->passes != cost_.passes;
    const auto price = [](const Cost& of) { return std::uint64_t{of.memory_kib} * of.passes; };
    return price(*cost) < price(cost_) || price(*cost) > 2 * price(cost_);
}

}  // namespace bodega::app
