#include "base/exposition.h"

#include <array>
#include <charconv>

namespace bodega::base {
namespace {

// Returns the shortest text that parses to the same number.
std::string text_of(double value) {
    std::array<char, 32> text{};
    auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (char c : text) {
        if (c == '\\') out += "\\\\";
        else if (c == '\n') out += "\\n";
        else if (c == '"' && quotes) out += "\\\"";
        else out += c;
    }
}

std::string_view kind_name(Exposition::Kind kind) {
    switch (kind) {
        case Exposition::Kind::counter: return "counter";
        case Exposition::Kind::gauge: return "gauge";
        case Exposition::Kind::histogram: return "histogram";
    }
    return "untyped";
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view help, Kind kind) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append_escaped(text_, help, false);
    text_.append("\n# TYPE ").append(name).append(" ").append(kind_name(kind)).append("\n");
}

void Exposition::sample(Labels labels, double value) { line("", labels, {}, text_of(value)); }

void Exposition::histogram(Labels labels, std::span<const double> bounds, std::span<const std::uint64_t> counts,
                           double sum) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        line("_bucket", labels, i < bounds.size() ? text_of(bounds[i]) : "+Inf", std::to_string(total));
    }
    line("_sum", labels, {}, text_of(sum));
    line("_count", labels, {}, std::to_string(total));
}

// Writes one line. `bound` is the value of the label "le" in a bucket's line; it is empty for all other lines.
void Exposition::line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value) {
    text_.append(name_).append(suffix);
    char before = '{';
    auto append_label = [&](std::string_view name, std::string_view text) {
        (text_ += before).append(name).append("=\"");
        append_escaped(text_, text, true);
        text_ += '"';
        before = ',';
    };
    for (const Label& label : labels) append_label(label.name, label.value);
    if (!bound.empty()) append_label("le", bound);
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
}

}  // namespace bodega::base
