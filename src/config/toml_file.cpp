#include "config/toml_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/rows.h"

#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#endif
#include <toml++/toml.h>

namespace bodega::config {
namespace {

using base::Code;
using base::Error;

// The settings and problems found so far.
struct Read {
    Settings settings;
    Problems& problems;
};

std::string place(const std::string& path, const toml::source_region& region) {
    return path + ":" + std::to_string(region.begin.line);
}

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "a list of other things than texts";
        case toml::node_type::floating_point: return "a fraction";
        case toml::node_type::boolean: return "true or false";
        default: return "a date or time";
    }
}

std::optional<std::vector<std::string>> texts(const toml::array& array) {
    std::vector<std::string> items;
    for (const toml::node& node : array) {
        const auto* text = node.as_string();
        if (!text) return std::nullopt;
        items.push_back(text->get());
    }
    return items;
}

Value value_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* array = node.as_array()) {
        if (auto items = texts(*array)) return std::move(*items);
    }
    return Mistyped{type_name(node)};
}

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    for (const Key& key : keys()) names.emplace_back(key.name);
    return names;
}

bool is_section(std::string_view name) {
    return std::any_of(keys().begin(), keys().end(), [&](const Key& key) {
        return key.name.size() > name.size() && key.name.starts_with(name) && key.name[name.size()] == '.';
    });
}

[[noreturn]] void refuse_key(const std::string& origin, const std::string& name) {
    throw Error(Code::config_invalid, origin + ": there is no setting " + name + did_you_mean(name, key_names()));
}

[[noreturn]] void refuse_section(const std::string& origin, const std::string& name) {
    std::vector<std::string> sections;
    for (const Key& key : keys()) {
        std::string section(key.name.substr(0, key.name.rfind('.')));
        if (sections.empty() || sections.back() != section) sections.push_back(section);
    }
    throw Error(Code::config_invalid, origin + ": there is no section [" + name + "]" + did_you_mean(name, sections));
}

[[noreturn]] void refuse_row_key(const Rows& rows, const std::string& origin, const std::string& name) {
    std::string what = origin + ": [[";
    what.append(rows.name).append("]] has no setting ").append(name).append(did_you_mean(name, rows.names()));
    throw Error(Code::config_invalid, what);
}

// Reads a list of tables, such as [[edge.routes]].
void read_rows(const Rows& rows, const toml::node& node, const std::string& origin, const std::string& path,
               Read& out) {
    const toml::array* array = node.as_array();
    if (!array || array->empty() || !array->is_homogeneous(toml::node_type::table))
        throw Error(Code::config_invalid, origin + ": " + std::string(rows.name) + " is a list of tables: write [[" +
                                              std::string(rows.name) + "]] above each");
    for (const toml::node& element : *array) {
        const Rows* begins = &rows;
        const std::string row = place(path, element.source());
        for (const auto& [key, value] : *element.as_table()) {
            std::string name(key.str());
            std::string at = place(path, key.source());
            const Key* known = rows.find(name);
            if (!known) out.problems.attempt([&] { refuse_row_key(rows, at, name); });
            else out.settings.push_back({known, value_of(value), std::move(at), std::exchange(begins, nullptr), row});
        }
        if (element.as_table()->empty()) out.problems.add(row + ": this table is empty");
    }
}

void read_table(const std::string& section, const toml::table& table, const std::string& path, Read& out);

// Reads the value of one key in a section.
void read_node(const std::string& name, const toml::node& node, const std::string& origin, const std::string& path,
               Read& out) {
    if (const Rows* rows = find_rows(name)) return read_rows(*rows, node, origin, path, out);
    const Key* known = find_key(name);
    const toml::table* inner = known ? nullptr : node.as_table();
    if (inner && is_section(name)) return read_table(name, *inner, path, out);
    if (inner) refuse_section(origin, name);
    if (!known) refuse_key(origin, name);
    out.settings.push_back({known, value_of(node), origin});
}

// `section` is the table's name. It is empty for the whole file, which holds only sections.
void read_table(const std::string& section, const toml::table& table, const std::string& path, Read& out) {
    for (const auto& [key, node] : table) {
        const std::string name = (section.empty() ? "" : section + ".") + std::string(key.str());
        const std::string origin = place(path, key.source());
        out.problems.attempt([&] { read_node(name, node, origin, path, out); });
    }
}

// Returns a hint for the parser's message `why`. If a string lacks its closing quote, the parser complains only about
// the line break that follows.
std::string advice_on(std::string_view why) {
    const bool cut = why.find("parsing string") != why.npos || why.find("parsing literal string") != why.npos;
    return cut ? " (does a string lack its closing quote?)" : "";
}

}  // namespace

Settings parse_toml(std::string_view text, const std::string& path) {
    Problems problems(Problems::Policy::thrown);
    return parse_toml(text, path, problems);
}

Settings parse_toml(std::string_view text, const std::string& path, Problems& problems) {
    Read out{{}, problems};
    try {
        read_table("", toml::parse(text, path), path, out);
    } catch (const toml::parse_error& error) {
        const std::string_view why = error.description();
        problems.add(place(path, error.source()) + ": this is not TOML: " + std::string(why) + advice_on(why));
    }
    return std::move(out.settings);
}

}  // namespace bodega::config
