#include "app/passwords.h"

#include <argon2.h>

#include <algorithm>
#include <array>

#include "app/guessable_passwords.h"
#include "app/password_forms.h"
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

std::uint32_t memory_kib(const config::Accounts& accounts) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(accounts.argon2_memory >> 10, 8 * kLanes));
}

std::uint32_t passes(const config::Accounts& accounts) {
    return static_cast<std::uint32_t>(std::max(accounts.argon2_passes, 1));
}

// What an encoded hash of these parameters begins with.
std::string encoded_prefix(const config::Accounts& accounts) {
    return "$argon2id$v=19$m=" + std::to_string(memory_kib(accounts)) + ",t=" + std::to_string(passes(accounts)) +
           ",p=" + std::to_string(kLanes) + "$";
}

std::string unpadded_base64(std::span<const std::uint8_t> bytes) {
    std::string text = base::base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

// A hash that fits no password, made without computing one.
std::string make_dummy(const config::Accounts& accounts) {
    std::array<std::uint8_t, kSaltBytes> salt{};
    std::array<std::uint8_t, kHashBytes> hash{};
    base::fill_random(salt);
    base::fill_random(hash);
    return encoded_prefix(accounts) + unpadded_base64(salt) + "$" + unpadded_base64(hash);
}

std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Passwords::Passwords(const config::Accounts& accounts)
    : accounts_(accounts), dummy_(make_dummy(accounts)), queue_(accounts.argon2_concurrency) {}

void Passwords::check_rules(std::string_view password, std::string_view username) const {
    auto refuse = [](const std::string& why) { throw Error(Code::invalid, "that password can't be used: " + why); };
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
    int result =
        argon2id_hash_encoded(passes(accounts_), memory_kib(accounts_), kLanes, composed.data(), composed.size(),
                              salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
        throw Error(Code::unavailable, "the server has no memory left for a sign-in right now; try again", 2);
    if (result != ARGON2_OK) throw Error(Code::internal, std::string("argon2: ") + argon2_error_message(result));
    return encoded.data();
}

bool Passwords::verify(std::string_view password, const std::string& encoded, const HashQueue::Caller& caller) {
    if (password.size() > kMaxBytes) password = password.substr(0, kMaxBytes + 1);  // fits no hash, at the same price
    const std::string& against = encoded.empty() ? dummy_ : encoded;
    const HashQueue::Turn turn(queue_, caller);
    for (const std::string& form : password_forms(password)) {
        const int result = argon2id_verify(against.c_str(), form.data(), form.size());
        if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
            throw Error(Code::unavailable, "the server has no memory left for a sign-in right now; try again", 2);
        if (result == ARGON2_OK) return !encoded.empty();
    }
    return false;
}

bool Passwords::is_outdated(std::string_view encoded) const { return !encoded.starts_with(encoded_prefix(accounts_)); }

}  // namespace bodega::app
