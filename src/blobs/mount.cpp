#include "blobs/mount.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace bodega::blobs {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(at), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

// Decodes the characters that are written as three octal digits, such as \040 for a space.
std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 3 >= text.size()) {
            out += text[i];
            continue;
        }
        out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
        i += 3;
    }
    return out;
}

bool is_front(std::string_view point, std::string_view path) {
    if (point == "/") return true;
    return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

}  // namespace

bool Mount::has(std::string_view option) const { return std::ranges::find(options, option) != options.end(); }

std::string Mount::value(std::string_view name) const {
    for (const std::string& option : options) {
        if (option.size() > name.size() && option.starts_with(name) && option[name.size()] == '=') {
            return option.substr(name.size() + 1);
        }
    }
    return "";
}

Mount find_mount(std::string_view mountinfo, std::string_view path) {
    Mount best;
    for (const std::string& line : split(mountinfo, '\n')) {
        // A line is: id parent device root POINT OPTIONS optional… - TYPE SOURCE OPTIONS
        const std::vector<std::string> words = split(line, ' ');
        const auto dash = std::ranges::find(words, "-");
        if (words.size() < 6 || words.end() - dash < 4) continue;
        const std::string point = plain(words[4]);
        if (!is_front(point, path) || point.size() < best.point.size()) continue;
        best = {point, dash[1], plain(dash[2]), split(words[5], ',')};
        for (std::string& option : split(dash[3], ',')) best.options.push_back(std::move(option));
    }
    return best;
}

Mount mount_of(const std::string& path) {
    std::ifstream file("/proc/self/mountinfo");
    std::ostringstream text;
    text << file.rdbuf();
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    return error ? Mount{} : find_mount(text.str(), real.string());
}

}  // namespace bodega::blobs
