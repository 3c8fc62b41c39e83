// Reads a .env file: lines of KEY=value, as shells and container tools write them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bodega::config {

using Variables = std::map<std::string, std::string, std::less<>>;

// Lines: blank, `# comment`, or `[export ]KEY=value`. A value is bare (it ends at " #" or at the end of the line),
// 'literal', or "with \n \t \r \" \\ \$ escapes"; quoted values may span lines. Variables are not expanded. If a key
// occurs twice, the later line is used. Throws Error{config_invalid}; the message begins with "path:line" and never
// shows a value.
Variables parse_dotenv(std::string_view text, const std::string& path);

}  // namespace bodega::config
