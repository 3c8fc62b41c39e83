#include "base/memory_limit.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <string_view>

namespace bodega::base {
namespace {

constexpr std::int64_t kNone = std::int64_t{1} << 60;  // control groups version 1 show "no limit" as a larger number

// The names of the files in one version of control groups.
struct Files {
    std::string_view max, used;
    // names in memory.stat that count the file pages which the kernel can drop
    std::initializer_list<std::string_view> droppable;
};
const Files kVersion2{"memory.max", "memory.current", {"active_file ", "inactive_file "}};
const Files kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", {"total_active_file ", "total_inactive_file "}};

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && value < kNone ? std::optional(value) : std::nullopt;
}

// Returns std::nullopt if the file is missing or says "max", or if its number means "no limit".
std::optional<std::int64_t> number_of(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    return std::getline(file, line) ? number(line) : std::nullopt;
}

std::int64_t droppable(const std::string& folder, const Files& files) {
    std::ifstream stat(folder + "/memory.stat");
    std::int64_t sum = 0;
    for (std::string line; std::getline(stat, line);) {
        for (std::string_view name : files.droppable)
            if (line.starts_with(name)) sum += number(std::string_view(line).substr(name.size())).value_or(0);
    }
    return sum;
}

void read_group(const std::string& folder, const Files& files, std::optional<MemoryLimit>& found) {
    const auto max = number_of(folder + "/" + std::string(files.max));
    if (!max) return;
    const std::int64_t used = number_of(folder + "/" + std::string(files.used)).value_or(0);
    const std::int64_t left =
        std::max<std::int64_t>(*max - std::max<std::int64_t>(used - droppable(folder, files), 0), 0);
    if (!found) found = MemoryLimit{*max, left};
    else *found = {std::min(found->max, *max), std::min(found->left, left)};
}

// Reads the limits of the group `path` and of all groups above it, the root included: in a container, the root is the
// container's own group.
void walk(const std::string& root, std::string path, const Files& files, std::optional<MemoryLimit>& found) {
    for (; path.size() > 1; path.resize(path.rfind('/'))) read_group(root + path, files, found);
    read_group(root, files, found);
}

bool has_memory(std::string_view controllers) {
    for (std::string_view rest = controllers; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (rest.substr(0, comma) == "memory") return true;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return false;
}

}  // namespace

std::optional<MemoryLimit> memory_limit(const std::string& root, const std::string& self) {
    std::optional<MemoryLimit> found;
    std::ifstream groups(self);
    for (std::string line; std::getline(groups, line);) {  // lines such as "4:memory:/a/b" and "0::/a/b"
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (second == line.npos) continue;
        const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
        if (has_memory(controllers)) walk(root + "/memory", line.substr(second + 1), kVersion1, found);
        else if (controllers.empty()) walk(root, line.substr(second + 1), kVersion2, found);
    }
    return found;
}

}  // namespace bodega::base
