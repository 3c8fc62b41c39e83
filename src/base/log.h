// The process's log: one line per event, on standard error or through a LogWriter, as text or as JSON.
//
//   log::warn("db", "the database is away; retrying", {{"attempt", 3}, {"host", host}});
//
// Never log a secret, a cookie, a token or a URL with a query. Thread-safe: each line is one write(2), so lines never
// mix. A line is dropped and counted if the pipe or queue is full; the caller never waits.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bodega::base {
class LogWriter;
}

namespace bodega::base::log {

enum class Level : std::uint8_t { debug, info, warn, error };
enum class Format : std::uint8_t { text, json };

// One key and its value as text; JSON shows numbers and booleans without quotes.
struct Field {
    Field(std::string_view k, std::string_view v) : key(k), value(v), quoted(true) {}
    Field(std::string_view k, const char* v) : Field(k, std::string_view(v)) {}
    Field(std::string_view k, const std::string& v) : Field(k, std::string_view(v)) {}
    Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}
    template <class T>
        requires std::is_integral_v<T>
    Field(std::string_view k, T v) : key(k), value(std::to_string(v)) {}

    std::string_view key;
    std::string value;
    bool quoted = false;
};

using Fields = std::initializer_list<Field>;

void configure(Level least, Format format) noexcept;
// Sets the destination of all later lines; nullptr: standard error. The writer must stay alive until the next
// send_to().
void send_to(LogWriter* writer) noexcept;
void write(Level level, std::string_view area, std::string_view message, Fields fields = {});

inline void debug(std::string_view area, std::string_view message, Fields fields = {}) {
    write(Level::debug, area, message, fields);
}
inline void info(std::string_view area, std::string_view message, Fields fields = {}) {
    write(Level::info, area, message, fields);
}
inline void warn(std::string_view area, std::string_view message, Fields fields = {}) {
    write(Level::warn, area, message, fields);
}
inline void error(std::string_view area, std::string_view message, Fields fields = {}) {
    write(Level::error, area, message, fields);
}

// Writes to standard error even if a writer is set: for errors of the log itself.
void write_to_stderr(Level level, std::string_view area, std::string_view message, Fields fields = {});

// Number of lines dropped since the process began, by standard error and by all writers.
std::uint64_t dropped() noexcept;

// Appends `text` to `out` with JSON's escapes (RFC 8259 section 7). Invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace bodega::base::log
