// Joins pieces of SQL at compile time, so that a column list is written once and a statement's text stays static, as
// db::Sql requires:
//
//   constexpr std::string_view kById = "WHERE e.id = ?";
//   constexpr db::Sql kFind{"entries.find", kJoined<kSelect, kById>};
//
// The pieces are constants of the source, never values.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace bodega::store {

template <const std::string_view&... Pieces>
struct JoinedText {
    static constexpr auto kStorage = [] {
        std::array<char, (Pieces.size() + ... + 0)> out{};
        std::size_t at = 0;
        for (std::string_view piece : {Pieces...}) {
            for (char c : piece) out[at++] = c;
        }
        return out;
    }();
    static constexpr std::string_view kText{kStorage.data(), kStorage.size()};
};

template <const std::string_view&... Pieces>
inline constexpr std::string_view kJoined = JoinedText<Pieces...>::kText;

}  // namespace bodega::store
