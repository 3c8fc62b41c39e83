#include "base/log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log_writer.h"

namespace bodega::base::log {
namespace {

std::atomic<Level> least_level{Level::info};
std::atomic<Format> line_format{Format::text};
std::atomic<std::uint64_t> dropped_lines{0};
std::atomic<LogWriter*> destination{nullptr};

std::string_view level_name(Level level) noexcept {
    switch (level) {
        case Level::debug: return "debug";
        case Level::info: return "info";
        case Level::warn: return "warn";
        case Level::error: return "error";
    }
    return "error";
}

void append_ascii(std::string& out, char c) {
    if (c == '"' || c == '\\') {
        (out += '\\') += c;
    } else if (c == '\n') {
        out += "\\n";
    } else if (c == '\t') {
        out += "\\t";
    } else if (c < 0x20 || c == 0x7f) {
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
        out += escape.data();
    } else {
        out += c;
    }
}

// Quotes a value only if it is empty or has a character, such as a space, that would hide where the value ends.
void append_text_value(std::string& out, const Field& field) {
    bool bare = !field.value.empty();
    for (char c : field.value) bare = bare && c > ' ' && c != '"' && c != '=' && c != 0x7f;
    if (bare) out += field.value;
    else append_json_string(out, field.value);
}

std::string text_line(Level level, std::string_view area, std::string_view message, Fields fields) {
    std::string line = rfc3339(now_ms());
    line.append(" ").append(level_name(level)).append(" ").append(area).append(": ");
    for (char c : message) line += c >= 0 && c < ' ' ? ' ' : c;  // keeps the message on one line
    for (const Field& field : fields) {
        line.append(" ").append(field.key).append("=");
        append_text_value(line, field);
    }
    return line += '\n';
}

std::string json_line(Level level, std::string_view area, std::string_view message, Fields fields) {
    std::string line = R"({"time":")" + rfc3339(now_ms()) + R"(","level":")";
    line.append(level_name(level)).append(R"(","area":")").append(area).append(R"(","message":)");
    append_json_string(line, message);
    for (const Field& field : fields) {
        line.append(",\"").append(field.key).append("\":");
        if (field.quoted) append_json_string(line, field.value);
        else line += field.value;
    }
    return line += "}\n";
}

std::string line_of(Level level, std::string_view area, std::string_view message, Fields fields) {
    bool json = line_format.load(std::memory_order_relaxed) == Format::json;
    return json ? json_line(level, area, message, fields) : text_line(level, area, message, fields);
}

// Returns false if standard error is a full pipe: writing to it would block the caller, which may be an event loop.
bool stderr_has_room() noexcept {
    pollfd watched{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&watched, 1, 0) != 0;
}

void write_line_to_stderr(const std::string& line) noexcept {
    ssize_t n = -1;
    if (stderr_has_room()) {
        do {
            n = ::write(STDERR_FILENO, line.data(), line.size());
        } while (n < 0 && errno == EINTR);
    }
    if (n != static_cast<ssize_t>(line.size())) dropped_lines.fetch_add(1, std::memory_order_relaxed);
}

// Returns true if JSON needs no escape for this character (RFC 8259 section 7).
constexpr bool is_plain(char c) noexcept { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void configure(Level least, Format format) noexcept {
    least_level = least;
    line_format = format;
}

void send_to(LogWriter* writer) noexcept {
    LogWriter* before = destination.exchange(writer);
    if (before) dropped_lines.fetch_add(before->dropped(), std::memory_order_relaxed);
}

void write(Level level, std::string_view area, std::string_view message, Fields fields) {
    if (level < least_level.load(std::memory_order_relaxed)) return;
    LogWriter* writer = destination.load(std::memory_order_acquire);
    if (writer) writer->write(line_of(level, area, message, fields));
    else write_line_to_stderr(line_of(level, area, message, fields));
}

void write_to_stderr(Level level, std::string_view area, std::string_view message, Fields fields) {
    write_line_to_stderr(line_of(level, area, message, fields));
}

std::uint64_t dropped() noexcept {
    LogWriter* writer = destination.load(std::memory_order_acquire);
    return dropped_lines.load(std::memory_order_relaxed) + (writer ? writer->dropped() : 0);
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        auto special = std::find_if_not(text.begin(), text.end(), is_plain);
        auto plain = static_cast<std::size_t>(special - text.begin());
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        std::size_t length = utf8_sequence(text);
        if (length == 1) append_ascii(out, text.front());
        else if (length == 0) out += "\\ufffd";
        else out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out += '"';
}

}  // namespace bodega::base::log
