#include "app/doctor/check_time.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace bodega::app {
namespace {

// Limits of the clock difference in milliseconds. Leases and expiry use the database's clock; certificates, logs and
// cookies use the node's.
constexpr base::Milliseconds kSkewed = 2000, kWrong = 60'000;

}  // namespace

std::chrono::microseconds percentile(const Times& times, int percent) {
    if (times.empty()) return {};
    return times[(times.size() - 1) * static_cast<std::size_t>(percent) / 100];
}

std::string duration_text(std::chrono::microseconds time) {
    const double ms = static_cast<double>(time.count()) / 1000;
    std::array<char, 32> text{};
    if (ms >= 1000) std::snprintf(text.data(), text.size(), "%.1f s", ms / 1000);
    else std::snprintf(text.data(), text.size(), ms >= 10 ? "%.0f ms" : "%.2f ms", ms);
    return text.data();
}

std::string times_text(const Times& times) {
    return duration_text(percentile(times, 50)) + " (p99 " + duration_text(percentile(times, 99)) + ")";
}

Diagnosis check_clock(std::string_view check, const std::string& whose, base::Milliseconds ahead) {
    const base::Milliseconds apart = std::abs(ahead);
    const std::string what =
        whose + " and this machine's are " + duration_text(std::chrono::milliseconds(apart)) + " apart";
    if (apart < kSkewed) return {check, Verdict::ok, what, ""};
    return {check, apart < kWrong ? Verdict::warn : Verdict::fail, what,
            "let both keep time by NTP (chrony, or Amazon's 169.254.169.123)"};
}

}  // namespace bodega::app
