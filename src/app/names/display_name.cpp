#include "app/names/display_name.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {
namespace {

constexpr std::ptrdiff_t kMaxCharacters = 100;
constexpr std::size_t kMaxBytes = 255;

std::string composed(std::string_view text) {
    utf8proc_uint8_t* raw = nullptr;
    auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &raw, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> holder(raw, &std::free);
    return size < 0 ? std::string() : std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

// C0, DEL and C1 (U+0080 to U+009F, which is C2 80 to C2 9F in UTF-8).
bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return true;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    }
    return false;
}

}  // namespace

std::string clean_display_name(std::string_view field, std::string_view text) {
    auto refuse = [&](std::string_view why) {
        throw base::Error(base::Code::invalid, "The field \"" + std::string(field) + "\" " + std::string(why) + ".");
    };
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.empty()) refuse("is empty");
    if (text.size() > 4 * kMaxBytes) refuse("is too long");
    if (!base::is_utf8(text)) refuse("is not UTF-8");
    if (has_control(text)) refuse("has control characters");
    std::string name = composed(text);
    const auto characters =
        std::count_if(name.begin(), name.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (characters > kMaxCharacters || name.size() > kMaxBytes) refuse("has more than 100 characters");
    return name;
}

}  // namespace bodega::app
