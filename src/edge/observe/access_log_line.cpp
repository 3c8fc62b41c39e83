#include "edge/observe/access_log_line.h"

#include <array>
#include <charconv>

#include "base/clock.h"
#include "base/log.h"

namespace bodega::edge {
namespace {

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 24> text{};
    auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    out.append(text.data(), end);
}

void append_padded(std::string& out, std::uint64_t number, std::size_t digits) {
    std::array<char, 8> text{};
    for (std::size_t i = digits; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
    out.append(text.data(), digits);
}

// Formats the date and time once per second and keeps the text, since formatting them is a large part of a line's cost.
void append_time(std::string& out) {
    thread_local base::Milliseconds second = -1;
    thread_local std::string text;
    base::Milliseconds now = base::now_ms();
    if (now / 1000 != second) {
        second = now / 1000;
        text = base::rfc3339(second * 1000).substr(0, 20);  // for example "2026-11-24T03:04:05."
    }
    out.append(text);
    append_padded(out, static_cast<std::uint64_t>(now % 1000), 3);
    out += 'Z';
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
    out.append(key);
    base::log::append_json_string(out, value);
}

void append_text_if_any(std::string& out, std::string_view key, std::string_view value) {
    if (!value.empty()) append_text(out, key, value);
}

void append_seconds(std::string& out, std::string_view key, std::int64_t micros) {
    auto whole = static_cast<std::uint64_t>(micros < 0 ? 0 : micros);
    append_number(out.append(key), whole / 1'000'000);
    append_padded(out += '.', whole % 1'000'000, 6);
}

void append_upstream(std::string& out, const RequestStats& stats) {
    if (stats.upstream.empty()) return;
    append_text(out, R"(,"upstream":)", stats.upstream);
    append_text_if_any(out, R"(,"upstream_server":)", stats.server);
    append_seconds(out, R"(,"upstream_seconds":)", stats.upstream_micros);
}

}  // namespace

void append_access_line(std::string& out, const AccessLogEntry& entry, std::string_view node) {
    const RequestStats& stats = *entry.stats;
    append_time(out += R"({"time":")");
    append_text(out, R"(","request_id":)", entry.request_id);
    append_text(out, R"(,"node":)", node);
    append_text(out, R"(,"client":)", entry.address);
    append_text(out, R"(,"method":)", entry.method);
    append_text(out, R"(,"host":)", entry.host);
    append_text(out, R"(,"path":)", entry.path);
    append_number(out += R"(,"status":)", static_cast<std::uint64_t>(entry.status));
    if (!stats.whole) out += R"(,"cut":true)";
    append_number(out += R"(,"received":)", stats.received);
    append_number(out += R"(,"sent":)", stats.sent);
    append_seconds(out, R"(,"seconds":)", entry.micros);
    append_text_if_any(out, R"(,"route":)", stats.route);
    append_upstream(out, stats);
    append_text_if_any(out, R"(,"protocol":)", stats.protocol);
    append_text_if_any(out, R"(,"tls":)", stats.tls);
    append_text_if_any(out, R"(,"user_agent":)", entry.user_agent);
    append_text_if_any(out, R"(,"referer":)", entry.referer);
    out += "}\n";
}

}  // namespace bodega::edge
