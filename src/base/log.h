// The process's log: one line an event, on standard error or through a LogWriter, as text or as JSON.
//
//   log::warn("db", "the database is away; retrying", {{"attempt", 3}, {"host", host}});
//
// Never give it a secret, a cookie, a token or a URL with a query. Thread-safe; a line is written by
// one write(2), so lines never mix. What a full pipe or queue refuses is counted, not waited for.
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

// One key and its value, already text; numbers and booleans are kept bare in JSON.
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
// Where lines go from now on; nullptr: standard error. The writer outlives its use here.
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

// On standard error wherever the others go: about the log itself.
void write_to_stderr(Level level, std::string_view area, std::string_view message, Fields fields = {});

// Lines that standard error did not take, nor the writers before.
std::uint64_t dropped() noexcept;

// Appends `text` to `out` with JSON's escapes (RFC 8259 section 7); bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace bodega::base::log
