#include "config/key.h"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "base/error.h"
#include "config/value.h"

namespace bodega::config {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
// clang 16 can't deduce an aggregate's template arguments without this guide.
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

using base::Code;
using base::Error;

// One converter for each member type. It returns the value in that type, or nothing if the value has another form. A
// TOML string may hold a duration or a size. A count must be a TOML integer.

std::optional<std::string> convert(const Value& value, std::string*) {
    if (const auto* plain = std::get_if<Plain>(&value)) return plain->text;
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return std::nullopt;
}

std::optional<std::int64_t> convert(const Value& value, int*) {
    if (const auto* plain = std::get_if<Plain>(&value)) return parse_integer(plain->text);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    return std::nullopt;
}

std::optional<std::int64_t> convert(const Value& value, std::int64_t*) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    auto text = convert(value, static_cast<std::string*>(nullptr));
    return text ? parse_size(*text) : std::nullopt;
}

std::optional<std::int64_t> convert(const Value& value, Duration*) {
    auto text = convert(value, static_cast<std::string*>(nullptr));
    auto duration = text ? parse_duration(*text) : std::nullopt;
    if (!duration) return std::nullopt;
    return duration->count();
}

std::optional<std::vector<std::string>> convert(const Value& value, std::vector<std::string>*) {
    if (const auto* plain = std::get_if<Plain>(&value)) return parse_list(plain->text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
    return std::nullopt;
}

std::string got(const Key& key, const Value& value) {
    if (key.secret) return "";
    return std::visit(Overloaded{[](const Plain& plain) { return ", not \"" + plain.text + "\""; },
                                 [](const std::string& text) { return ", not the text \"" + text + "\""; },
                                 [](std::int64_t number) { return ", not the number " + std::to_string(number); },
                                 [](const std::vector<std::string>&) { return std::string(", not a list"); },
                                 [](const Mistyped& other) { return ", not " + std::string(other.type); }},
                      value);
}

[[noreturn]] void refuse(std::string_view origin, const Key& key, const std::string& why) {
    std::string message(origin);
    message.append(": ").append(key.name).append(" ").append(why);
    throw Error(Code::config_invalid, message);
}

// Formats a number as its key does: a duration, a size or a count.
std::string number_text(const Key& key, std::int64_t number) {
    if (std::holds_alternative<Member<Duration>>(key.member)) return format_duration(Duration(number));
    if (std::holds_alternative<Member<std::int64_t>>(key.member)) return format_size(number);
    return std::to_string(number);
}

void check_range(const Key& key, std::int64_t number, std::string_view origin) {
    if (number >= key.least && number <= key.max) return;
    refuse(origin, key, "must be between " + number_text(key, key.least) + " and " + number_text(key, key.max));
}

void check_text(const Key& key, const std::string& text, std::string_view origin) {
    if (text.find('\0') != std::string::npos) refuse(origin, key, "must not hold a NUL character");
    if (key.choices.empty()) return;
    std::string choices(key.choices);
    std::replace(choices.begin(), choices.end(), ' ', ',');
    std::vector<std::string> known = parse_list(choices);
    if (std::find(known.begin(), known.end(), text) != known.end()) return;
    refuse(origin, key, "must be one of " + format_list(known) + ", not \"" + text + "\"");
}

std::string dashed(std::string_view name, char separator, bool upper) {
    std::string out;
    for (char c : name) {
        if (c == '.' || c == '_') out += separator;
        else out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

}  // namespace

std::string flag_name(const Key& key) { return "--" + dashed(key.name, '-', false); }

std::string variable_name(const Key& key) { return "BODEGA_" + dashed(key.name, '_', true); }

std::string_view form(const Key& key) noexcept {
    return std::visit(
        Overloaded{[](Member<std::string>) { return "a text"; }, [](Member<int>) { return "a whole number"; },
                   [](Member<std::int64_t>) { return "a size such as \"8MiB\""; },
                   [](Member<Duration>) { return "a duration such as \"30s\" or \"10min\""; },
                   [](Member<std::vector<std::string>>) { return "a list of texts"; }},
        key.member);
}

void assign(const Key& key, Config& config, const Value& value, std::string_view origin) {
    std::visit(
        [&]<class T>(Member<T> member) {
            auto converted = convert(value, static_cast<T*>(nullptr));
            if (!converted) refuse(origin, key, "must be " + std::string(form(key)) + got(key, value));
            if constexpr (std::is_same_v<T, std::string>) check_text(key, *converted, origin);
            if constexpr (std::is_same_v<decltype(converted), std::optional<std::int64_t>>) {
                check_range(key, *converted, origin);
                member(config) = static_cast<T>(*converted);
            } else {
                member(config) = std::move(*converted);
            }
        },
        key.member);
}

std::string show(const Key& key, const Config& config) {
    // This code only reads. Member takes a non-const Config&, so that one table of keys serves reads and writes.
    auto& source = const_cast<Config&>(config);
    auto quoted = [](const std::string& text) { return '"' + text + '"'; };
    return std::visit(Overloaded{[&](Member<std::string> member) {
                                     const std::string& text = member(source);
                                     return quoted(key.secret && !text.empty() ? "(set)" : text);
                                 },
                                 [&](Member<int> member) { return std::to_string(member(source)); },
                                 [&](Member<std::int64_t> member) { return quoted(format_size(member(source))); },
                                 [&](Member<Duration> member) { return quoted(format_duration(member(source))); },
                                 [&](Member<std::vector<std::string>> member) {
                                     std::vector<std::string> items = member(source);
                                     for (std::string& item : items) item = quoted(item);
                                     return "[" + format_list(items) + "]";
                                 }},
                      key.member);
}

namespace {

// Whether the candidate ends in the name: "shared_dir" of "node.shared_dir", "--shared-dir" of "--node-shared-dir",
// "list" of "user list".
bool is_end_of(std::string_view name, std::string_view candidate) {
    for (const std::string_view prefix : {"--", "BODEGA_"})
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    if (name.empty() || !candidate.ends_with(name) || candidate.size() == name.size()) return false;
    return std::string_view("._- ").find(candidate[candidate.size() - name.size() - 1]) != std::string_view::npos;
}

}  // namespace

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
    std::string longer;
    for (const std::string& candidate : candidates)
        if (is_end_of(name, candidate)) longer.append(longer.empty() ? "" : " or ").append(candidate);
    if (!longer.empty()) return " (did you mean " + longer + "?)";
    std::size_t nearest = std::max<std::size_t>(2, name.size() / 3) + 1;
    const std::string* best = nullptr;
    for (const std::string& candidate : candidates) {
        std::size_t distance = edit_distance(name, candidate);
        if (distance >= nearest) continue;
        nearest = distance;
        best = &candidate;
    }
    return best ? " (did you mean " + *best + "?)" : "";
}

}  // namespace bodega::config
