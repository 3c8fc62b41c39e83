#include "app/auth/password_forms.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace bodega::app {
namespace {

std::string mapped(std::string_view text, unsigned form) {
    utf8proc_uint8_t* raw = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &raw, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | form));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
    if (size < 0) return std::string(text);
    return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)};
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string composed_password(std::string_view password) { return mapped(password, UTF8PROC_COMPOSE); }

std::vector<std::string> password_forms(std::string_view password) {
    if (is_ascii(password)) return {std::string(password)};
    std::vector<std::string> forms;
    for (std::string& form :
         std::vector{composed_password(password), std::string(password), mapped(password, UTF8PROC_DECOMPOSE)})
        if (std::ranges::find(forms, form) == forms.end()) forms.push_back(std::move(form));
    return forms;
}

}  // namespace bodega::app
