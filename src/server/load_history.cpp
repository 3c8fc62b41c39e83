#include "server/load_history.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace bodega::server {
namespace {

using edge::Durations;

// Appends a number with one decimal.
void append(std::string& out, std::optional<double> value) {
    std::array<char, 32> digits{};
    if (!value) {
        out += "null";
        return;
    }
    auto [end, error] = std::to_chars(digits.begin(), digits.end(), *value, std::chars_format::fixed, 1);
    std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    if (text.ends_with(".0")) text.remove_suffix(2);
    out += error == std::errc() ? text : "null";
}

void append_field(std::string& out, std::string_view name, std::optional<double> value) {
    out.append(out.size() > 1 ? ",\"" : "\"").append(name).append("\":");
    append(out, value);
}

// Appends a number of bytes. A negative number means unknown.
void append_bytes(std::string& out, std::string_view name, std::int64_t bytes) {
    append_field(out, name, bytes < 0 ? std::nullopt : std::optional(static_cast<double>(bytes)));
}

template <class Samples, class Field>
void append_list(std::string& out, std::string_view name, const Samples& samples, Field field) {
    out.append(",\"").append(name).append("\":[");
    bool first = true;
    for (const auto& sample : samples) {
        if (!std::exchange(first, false)) out += ',';
        append(out, sample.*field);
    }
    out += ']';
}

Durations::Sum since(const Durations::Sum& before, const Durations::Sum& now) {
    Durations::Sum out = now;
    for (std::size_t i = 0; i < out.counts.size(); ++i) out.counts[i] -= before.counts[i];
    out.micros -= before.micros;
    return out;
}

}  // namespace

std::optional<double> quantile(const Durations::Sum& counted, double share) {
    double all = 0;
    for (std::uint64_t count : counted.counts) all += static_cast<double>(count);
    if (all == 0) return std::nullopt;
    double wanted = all * share, seen = 0, low = 0;
    for (std::size_t i = 0; i < Durations::kBounds.size(); ++i) {
        const auto high = static_cast<double>(Durations::kBounds[i]) / 1000;
        const auto count = static_cast<double>(counted.counts[i]);
        if (count > 0 && seen + count >= wanted) return low + (high - low) * (wanted - seen) / count;
        seen += count;
        low = high;
    }
    return low;  // the last bound; the quantile is above it
}

void LoadHistory::add(LoadReading reading) {
    auto before = std::exchange(last_, reading);
    if (!before) return;
    double seconds = std::chrono::duration<double>(last_->at - before->at).count();
    if (seconds <= 0) return;
    Sample sample;
    sample.cpu = (last_->cpu_seconds - before->cpu_seconds) / seconds;
    if (before->traffic && last_->traffic) {
        auto passed = since(before->traffic->duration, last_->traffic->duration);
        sample.rate = static_cast<double>(last_->traffic->answered - before->traffic->answered) / seconds;
        sample.errors = static_cast<double>(last_->traffic->failed - before->traffic->failed) / seconds;
        sample.p50 = quantile(passed, 0.5);
        sample.p99 = quantile(passed, 0.99);
    }
    samples_.push_back(sample);
    if (samples_.size() > kSamples) samples_.pop_front();
}

std::string LoadHistory::json(const LoadNow& now) const {
    std::string out = "{";
    append_field(out, "every", static_cast<double>(every_));
    append_field(out, "cores", now.cores);
    append_field(out, "load", now.load);
    append_bytes(out, "memory_bytes", now.memory_bytes);
    append_field(out, "connections", static_cast<double>(now.connections));
    append_field(out, "working", static_cast<double>(now.working));
    append_field(out, "uploads", static_cast<double>(now.uploads));
    append_bytes(out, "used_bytes", now.used_bytes);
    append_bytes(out, "free_bytes", now.free_bytes);
    append_bytes(out, "total_bytes", now.total_bytes);
    append_list(out, "rate", samples_, &Sample::rate);
    append_list(out, "errors", samples_, &Sample::errors);
    append_list(out, "p50", samples_, &Sample::p50);
    append_list(out, "p99", samples_, &Sample::p99);
    append_list(out, "cpu", samples_, &Sample::cpu);
    return out + "}";
}

}  // namespace bodega::server
