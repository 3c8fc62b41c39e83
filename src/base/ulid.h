// ULID: a 128-bit identifier whose first 48 bits are a time in milliseconds. It has 16 bytes in the database and 26
// characters of Crockford's base32 everywhere else. Both forms sort by creation time. Source: the ULID specification
// (canonical string representation, binary layout).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace bodega::base {

struct Ulid {
    std::array<std::uint8_t, 16> bytes{};

    static Ulid make();  // from the current time and 80 random bits; thread-safe
    static Ulid make(Milliseconds when);
    // Parses 26 characters. text() writes upper case; lower case is accepted, I, L, O and U are not.
    static std::optional<Ulid> parse(std::string_view text);
    // Returns std::nullopt if `raw` does not have 16 bytes.
    static std::optional<Ulid> from_bytes(std::string_view raw);

    std::string text() const;
    std::string_view raw() const noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    Milliseconds time() const noexcept;
    bool is_nil() const noexcept { return *this == Ulid{}; }

    auto operator<=>(const Ulid&) const = default;
};

}  // namespace bodega::base

template <>
struct std::hash<bodega::base::Ulid> {
    std::size_t operator()(const bodega::base::Ulid& id) const noexcept {
        return std::hash<std::string_view>{}(id.raw());
    }
};
