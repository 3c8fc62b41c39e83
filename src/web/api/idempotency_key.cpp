#include "web/api/idempotency_key.h"

#include <algorithm>

#include "base/error.h"

namespace bodega::web {
namespace {

constexpr std::size_t kLongest = 255;

}  // namespace

std::optional<std::string> idempotency_key(const Call& call) {
    const auto field = call.header(kIdempotencyKey);
    if (!field) return std::nullopt;
    const bool is_quoted = field->size() >= 2 && field->starts_with('"') && field->ends_with('"');
    std::string key(is_quoted ? field->substr(1, field->size() - 2) : *field);
    check_key(key);
    return key;
}

void check_key(std::string_view key) {
    const bool is_visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
    if (key.empty() || key.size() > kLongest || !is_visible)
        throw base::Error(base::Code::invalid, "Idempotency-Key has to be 1 to 255 visible ASCII characters.");
}

}  // namespace bodega::web
