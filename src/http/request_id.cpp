#include "http/request_id.h"

#include <algorithm>

namespace bodega::http {

bool is_request_id(std::string_view text) noexcept {
    constexpr std::size_t kMax = 64;
    auto fits = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; };
    return !text.empty() && text.size() <= kMax && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace bodega::http
