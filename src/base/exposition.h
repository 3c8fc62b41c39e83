// Writes metrics in Prometheus' text exposition format 0.0.4.
//
//   Exposition out;
//   out.family("bodega_requests_total", "Requests answered.", Exposition::Kind::counter);
//   out.sample({{"route", "app"}}, 17);
//
// Single-threaded. Write each family once, with its samples right after it, as the format requires.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace bodega::base {

class Exposition {
public:
    static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

    enum class Kind : std::uint8_t { counter, gauge, histogram };
    struct Label {
        std::string_view name;
        std::string_view value;
    };
    using Labels = std::initializer_list<Label>;

    // Begins a family of samples. help: one line. Requires: `name` and the samples' label names match
    // [a-zA-Z_][a-zA-Z0-9_]*.
    void family(std::string_view name, std::string_view help, Kind kind);

    template <class T>
        requires std::is_integral_v<T>
    void sample(Labels labels, T value) {
        line("", labels, {}, std::to_string(value));
    }
    void sample(Labels labels, double value);

    // bounds: upper bounds of the buckets, in seconds, ascending. counts: one per bucket, and one more for values above
    // the last bound. sum: of all values, in seconds.
    void histogram(Labels labels, std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum);

    // Writes a family with one sample and no labels.
    template <class T>
    void counter(std::string_view name, std::string_view help, T value) {
        family(name, help, Kind::counter);
        sample({}, value);
    }
    template <class T>
    void gauge(std::string_view name, std::string_view help, T value) {
        family(name, help, Kind::gauge);
        sample({}, value);
    }

    const std::string& text() const noexcept { return text_; }

private:
    void line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

    std::string text_;
    std::string name_;  // name of the current family
};

}  // namespace bodega::base
