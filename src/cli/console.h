// Terminal output, and input of secrets. Used by the main thread of a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::cli {

// Prints a line to standard output. Characters that would change how a terminal shows a name are replaced by marks
// (base/visible_text.h). Throws Error{io} if the line can't be written (a full disk, a closed pipe).
void say(std::string_view line);

// Like say(), but prints to standard error, after "bodega: ".
void complain(std::string_view line) noexcept;

// Like complain(), but without "bodega: ". For progress.
void tell(std::string_view line) noexcept;

// Asks on the terminal and reads a line without showing it. Throws Error{invalid} on Ctrl-C or Ctrl-D. Requires:
// standard input is a terminal.
std::string ask_secret(std::string_view prompt);

// Reads a new password: from `file` ("-" is standard input); without a file, asks twice on a terminal, or reads the
// first line of standard input. Throws Error{config_invalid} for a file that can't be read, Error{invalid} if the two
// inputs differ.
std::string new_password(const std::optional<std::string>& file, std::string_view whose);

// Draws a progress bar on standard error, over the previous bar. The next output removes the bar.
void show_bar(std::string_view line) noexcept;
void clear_bar() noexcept;

// Returns the columns of the terminal on standard error; 0: not a terminal.
int terminal_width() noexcept;

}  // namespace bodega::cli
