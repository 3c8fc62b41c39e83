#include "edge/exchange/kept_head.h"

#include <algorithm>
#include <array>

#include "http/syntax.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kMax = 1 << 10;  // each text is cut to this many bytes
constexpr std::array<std::string_view, 2> kLogged = {"user-agent", "referer"};

bool is_logged(const http::Field& field) noexcept {
    return std::any_of(kLogged.begin(), kLogged.end(),
                       [&](std::string_view name) { return http::equal_ignoring_case(field.name, name); });
}

// Copies texts into one string. The string's memory is reserved in advance, so that views of it stay valid.
class TextArena {
public:
    explicit TextArena(std::size_t max) { text_.reserve(max); }

    std::string_view keep(std::string_view text) {
        std::size_t at = text_.size();
        text_.append(text.substr(0, kMax));
        return std::string_view(text_).substr(at);
    }
    std::string take() noexcept { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

std::size_t memory_of(const http::Fields& fields) noexcept { return fields.capacity() * sizeof(http::Field); }

std::string keep_for_log(http::RequestHead& head) {
    http::Fields kept;
    for (const http::Field& field : head.fields)
        if (is_logged(field) && kept.size() < kLogged.size()) kept.push_back(field);
    auto size_of = [](std::string_view text) { return std::min(text.size(), kMax); };
    std::size_t size = size_of(head.method_name) + size_of(head.path) + size_of(head.host);
    for (const http::Field& field : kept) size += size_of(field.name) + size_of(field.value);
    // Reserves more than fits into a string object (small string optimisation). Otherwise the views would refer to
    // bytes inside the object, and moving it would invalidate them.
    TextArena arena(std::max(size, sizeof(std::string)));
    head.method_name = arena.keep(head.method_name);
    head.host = arena.keep(head.host);
    head.path = arena.keep(head.path);
    head.target = head.path;
    for (http::Field& field : kept) {
        field.name = arena.keep(field.name);
        field.value = arena.keep(field.value);
    }
    head.fields = std::move(kept);
    head.has_connection_names = false;
    return arena.take();
}

}  // namespace bodega::edge
