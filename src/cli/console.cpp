#include "cli/console.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <utility>

#include "base/error.h"
#include "base/visible_text.h"
#include "config/read.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

bool write_all(int fd, std::string_view text) noexcept {
    while (!text.empty()) {
        ssize_t done = ::write(fd, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

bool bar_is_shown = false;  // not locked: only one thread at a time draws or prints

// Switches the terminal to unbuffered input without echo; the destructor restores it.
class RawTerminal {
public:
    RawTerminal() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) throw base::system_error("read the terminal", errno);
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        if (::tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) != 0) throw base::system_error("set the terminal", errno);
    }
    ~RawTerminal() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

private:
    termios before_{};
};

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

void erase_character(std::string& line) {
    while (!line.empty() && is_continuation(line.back())) line.pop_back();
    if (!line.empty()) line.pop_back();
}

constexpr char kCtrlC = 3, kCtrlD = 4, kBackspace = 8, kCtrlU = 21, kDelete = 127;

std::string read_keys() {
    std::string line;
    for (;;) {
        char c = 0;
        ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || c == kCtrlC || (c == kCtrlD && line.empty())) throw Error(Code::invalid, "cancelled");
        if (c == '\n' || c == '\r') return line;
        if (c == kBackspace || c == kDelete) erase_character(line);
        else if (c == kCtrlU) line.clear();
        else if (static_cast<unsigned char>(c) >= 0x20) line += c;
    }
}

std::string first_line_of_input() {
    std::string line;
    if (!std::getline(std::cin, line) || line.empty()) {
        throw Error(Code::config_invalid, "no password came on standard input");
    }
    // Removes the byte order mark that Windows shells add.
    if (line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) throw Error(Code::config_invalid, "no password came on standard input");
    return line;
}

}  // namespace

void show_bar(std::string_view line) noexcept {
    // Ignores errors: the command can do its work without a terminal.
    write_all(STDERR_FILENO, "\r\033[K");
    write_all(STDERR_FILENO, line);
    bar_is_shown = true;
}

void clear_bar() noexcept {
    if (std::exchange(bar_is_shown, false)) write_all(STDERR_FILENO, "\r\033[K");
}

void say(std::string_view line) {
    clear_bar();
    if (!write_all(STDOUT_FILENO, base::visible_text(line) + "\n")) {
        throw Error(Code::io,
                    std::string("could not write to standard output: ") + std::system_category().message(errno));
    }
}

void complain(std::string_view line) noexcept {
    clear_bar();
    write_all(STDERR_FILENO, "bodega: ");
    tell(line);
}

void tell(std::string_view line) noexcept {
    write_all(STDERR_FILENO, base::visible_text(line));
    write_all(STDERR_FILENO, "\n");
}

std::string ask_secret(std::string_view prompt) {
    clear_bar();
    std::string line;
    try {
        RawTerminal raw;  // created before the prompt, so that keys typed early are neither shown nor lost
        write_all(STDERR_FILENO, prompt);
        line = read_keys();
    } catch (const Error&) {
        write_all(STDERR_FILENO, "\n");
        throw;
    }
    write_all(STDERR_FILENO, "\n");
    return line;
}

std::string new_password(const std::optional<std::string>& file, std::string_view whose) {
    if (file && *file != "-") return config::read_secret(*file, "--password-file");
    if (file || ::isatty(STDIN_FILENO) == 0) return first_line_of_input();
    std::string password = ask_secret("New password of " + std::string(whose) + ": ");
    if (ask_secret("The same again: ") != password) {
        throw Error(Code::invalid, "the two passwords differ: nothing was changed; try again");
    }
    return password;
}

int terminal_width() noexcept {
    winsize size{};
    if (::isatty(STDERR_FILENO) == 0) return 0;
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

}  // namespace bodega::cli
