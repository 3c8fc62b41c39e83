// Reads a .env file: lines of KEY=value, as shells and container tools write them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bodega::config {

using Variables = std::map<std::string, std::string, std::less<>>;

// Lines: blank, `# comment`, or `[export ]KEY=value`. A value is bare (it ends at " #" or the line's end),
// 'as it is', or "with \n \t \r \" \\ \$ escapes"; quoted values may span lines. Nothing is expanded.
// A later line wins. Throws Error{config_invalid} that begins with "path:line" and never shows a value.
Variables parse_dotenv(std::string_view text, const std::string& path);

}  // namespace bodega::config
