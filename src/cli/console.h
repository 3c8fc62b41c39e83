// The terminal: lines out, secrets in. Used by the main thread of a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::cli {

// A line on standard output, with what would change how names in it read as marks (base/visible_text.h). Throws
// Error{io} if it can't be written (a full disk, a closed pipe).
void say(std::string_view line);

// The same on standard error, after "bodega: ".
void complain(std::string_view line) noexcept;

// The same without "bodega: ": how far the work is.
void tell(std::string_view line) noexcept;

// Asks on the terminal and reads a line without showing it. Throws Error{invalid} if it is ended by Ctrl-C or
// Ctrl-D. Requires: standard input is a terminal.
std::string ask_secret(std::string_view prompt);

// A new password: from `file` ("-" is standard input), else asked for twice, else the first line of standard
// input. Throws Error{config_invalid} for a file that can't be read, Error{invalid} if the two differ.
std::string new_password(const std::optional<std::string>& file, std::string_view whose);

// Draws a line on standard error in place of the one that it drew before; whatever is printed next takes it away.
void show_bar(std::string_view line) noexcept;
void clear_bar() noexcept;

// Columns of the terminal on standard error; 0 if it is none.
int terminal_width() noexcept;

}  // namespace bodega::cli
