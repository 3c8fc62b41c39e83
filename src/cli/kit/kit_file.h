// The deploy kit's files, embedded at build time from deploy/ as kit.txt lists them.
#pragma once

#include <span>
#include <string_view>

namespace bodega::cli {

struct KitFile {
    std::string_view path;     // for example "nginx/bodega.conf"
    std::string_view summary;  // one line, without a full stop
    std::string_view text;     // text with its placeholders
};

// Returns all files in the order of kit.txt. The build generates this function. Static storage.
std::span<const KitFile> embedded_kit() noexcept;

// Finds the file that a person means: by its path, by its name, or by its folder if that has only one file. Throws
// Error{config_invalid} if no file or several files match.
const KitFile& find_kit_file(std::string_view wanted);

}  // namespace bodega::cli
