// Terminal output, and input of secrets. Used by the main thread of a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::cli {

// Prints a line to standard output; replaces characters that would change how names read with marks
// (base/visible_text.h). Throws Error{io} if the line can't be written (a full disk, a closed pipe).
void say(std::string_view line);

// The same to standard error, after "bodega: ".
void complain(std::string_view line) noexcept;

// The same without "bodega: ", for progress.
void tell(std::string_view line) noexcept;

// Asks on the terminal and reads a line without showing it. Throws Error{invalid} on Ctrl-C or Ctrl-D. Requires:
// standard input is a terminal.
std::string ask_secret(std::string_view prompt);

// Reads a new password: from `file` ("-" is standard input); without a file, asks twice on a terminal, or reads the
// first line of standard input. Throws Error{config_invalid} for a file that can't be read, Error{invalid} if the two
// inputs differ.
std::string new_password(const std::optional<std::string>& file, std::string_view whose);

// Draws a line on standard error over the previous one; the next output removes it.
void show_bar(std::string_view line) noexcept;
void clear_bar() noexcept;

// Columns of the terminal on standard error; 0: not a terminal.
int terminal_width() noexcept;

}  // namespace bodega::cli
