// The table of settings: one row per key. All code that reads, checks, prints or documents settings uses it.
//
// A key "edge.listen" has the flag --edge-listen and the variable BODEGA_EDGE_LISTEN. Pure functions.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace bodega::config {

template <class T>
using Member = T& (*)(Config&);

// The member of Config that holds a key's value. The member's type determines the value's form: std::int64_t is a size
// in bytes.
using AnyMember = std::variant<Member<std::string>, Member<int>, Member<std::int64_t>, Member<Duration>,
                               Member<std::vector<std::string>>>;

// When a changed value takes effect: when a running server reloads its configuration, or when it is started again.
// Every key says which. Code that uses an at_reload key has to apply the new value: edge::Server::reload(),
// server::Logs::follow(), or code that reads server::Running::config at each use.
enum class Effect : std::uint8_t { at_reload, at_start };

struct Key {
    std::string_view name;  // for example "edge.head_timeout"
    std::string_view help;  // text for help and documents: one line without a full stop
    Effect effect;
    AnyMember member;
    std::int64_t least = 0;  // minimum of numbers, of sizes (bytes) and of durations (milliseconds)
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::string_view choices = {};   // allowed texts, separated by blanks; empty: any text
    std::string_view variable = {};  // another environment variable that also sets the key ("SHARED_DIR")
    bool secret = false;  // true: the key is never printed, and has no flag, since other users can see a command line
};

std::span<const Key> keys() noexcept;                 // all keys, except those of rows (rows.h)
const Key* find_key(std::string_view name) noexcept;  // nullptr: no such key

std::string flag_name(const Key& key);      // returns for example "--edge-head-timeout"
std::string variable_name(const Key& key);  // returns for example "BODEGA_EDGE_HEAD_TIMEOUT"

// Describes a valid value, for messages and help: 'a duration such as "30s"'.
std::string_view form(const Key& key) noexcept;

// A value as its source gave it. Plain is the text of a flag or a variable, from which numbers and lists are parsed.
// Mistyped is a TOML value of a type that no setting has; it holds the type's name.
struct Plain {
    std::string text;
};
struct Mistyped {
    std::string_view type;
};
using Value = std::variant<Plain, std::string, std::int64_t, std::vector<std::string>, Mistyped>;

// Sets a key. Throws Error{config_invalid} if the value has another form or is out of the key's range. The message
// begins with `origin` ("config.toml:12", "--edge-listen") and never shows a secret's value.
void assign(const Key& key, Config& config, const Value& value, std::string_view origin);

// Returns the value as config.toml would write it. A secret shows as "(set)" or "".
std::string show(const Key& key, const Config& config);

// " (did you mean X?)" with the candidate nearest to `name`, or "" if no candidate is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace bodega::config
