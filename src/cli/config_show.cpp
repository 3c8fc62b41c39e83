#include <algorithm>
#include <array>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/read.h"
#include "config/rows.h"

namespace bodega::cli {
namespace {

using config::Config;
using config::Key;

constexpr std::size_t kCommentColumn = 44;

std::string with_comment(std::string line, const std::string& comment) {
    line.append(line.size() < kCommentColumn ? kCommentColumn - line.size() : 1, ' ');
    return line + " # " + comment;
}

// Whether a field that is sent to an upstream may be a credential.
bool is_credential(std::string_view field) {
    std::string name(field.substr(0, field.find(':')));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::array<std::string_view, 7> kMarks = {"auth", "cookie", "token",     "secret",
                                                        "key",  "pass",   "credential"};
    return std::any_of(kMarks.begin(), kMarks.end(),
                       [&](std::string_view mark) { return name.find(mark) != name.npos; });
}

// Returns "https://ana:secret@h/" without the text between the ':' and the '@'.
std::string without_password(std::string text) {
    for (std::size_t at = text.find("://"); at != text.npos; at = text.find("://", at + 3)) {
        const std::size_t end = std::min(text.find_first_of("/ \"", at + 3), text.size());
        const std::size_t host = text.rfind('@', end), colon = text.find(':', at + 3);
        if (host == text.npos || host < at || colon > host) continue;
        text.replace(colon + 1, host - colon - 1, "(set)");
    }
    return text;
}

std::string value_of(const Key& key, Config config) {
    const auto* list = std::get_if<config::Member<std::vector<std::string>>>(&key.member);
    if (list && (key.name.ends_with(".set_request") || key.name.ends_with(".set_response"))) {
        for (std::string& field : (*list)(config))
            if (is_credential(field)) field = field.substr(0, field.find(':')) + ": (set)";
    }
    return without_password(config::show(key, config));
}

// The last part of a key's name: "hsts" of "edge.tls.hsts".
std::string_view last_word(std::string_view name) { return name.substr(name.rfind('.') + 1); }
std::string_view section_of(std::string_view name) { return name.substr(0, name.rfind('.')); }

// Formats a row such as [[edge.routes]], without the members that have their default.
std::string row_text(const config::Rows& rows, const Config& row, const std::string& origin) {
    Config fresh;
    rows.begin(fresh, "");
    std::string text = "\n" + with_comment("[[" + std::string(rows.name) + "]]", origin) + "\n";
    for (const Key& key : rows.keys) {
        if (config::show(key, row) != config::show(key, fresh))
            text.append(last_word(key.name)).append(" = ").append(value_of(key, row)).append("\n");
    }
    return text;
}

std::string rows_text(const Config& config) {
    std::string text;
    Config one;
    for (const config::Rows& rows : config::all_rows()) {
        for (std::size_t i = 0; i < rows.count(config); ++i) {
            rows.take(one, config, i);
            text += row_text(rows, one, rows.origin(config, i));
        }
    }
    return text;
}

// True if `asked` is empty, is this key, or is a section that contains this key.
bool is_asked(std::string_view asked, std::string_view name) {
    if (asked.empty() || asked == name) return true;
    return name.size() > asked.size() && name.starts_with(asked) && name[asked.size()] == '.';
}

std::string keys_text(const config::Reading& reading, std::string_view asked) {
    std::string text;
    std::string_view section;
    for (const Key& key : config::keys()) {
        if (!is_asked(asked, key.name)) continue;
        if (section_of(key.name) != section) {
            section = section_of(key.name);
            text.append(text.empty() ? "[" : "\n[").append(section).append("]\n");
        }
        auto found = reading.origins.find(key.name);
        const config::Origin origin = found == reading.origins.end() ? config::Origin{} : found->second;
        std::string comment = origin.text();
        if (!origin.overridden.empty()) comment += ", wins over " + origin.overridden;
        std::string line(last_word(key.name));
        text += with_comment(line + " = " + value_of(key, reading.config), comment) + "\n";
    }
    return text;
}

int run_config_show(const Invocation& invocation) {
    const config::Reading reading = invocation.config_with_origins();
    const std::string asked = invocation.arguments.empty() ? "" : invocation.arguments.front();
    std::string text = keys_text(reading, asked);
    if (text.empty()) {
        std::vector<std::string> names;
        for (const Key& key : config::keys()) names.emplace_back(key.name);
        throw base::Error(base::Code::config_invalid,
                          "there is no setting " + asked + config::did_you_mean(asked, names));
    }
    if (asked.empty() || asked == "edge") text += rows_text(reading.config);
    text.pop_back();  // say() adds the line break
    say(text);
    return kDone;
}

}  // namespace

const Command& config_show_command() {
    static constexpr Command command{
        "config show",
        "[KEY]",
        "print the settings in effect, and where each comes from",
        "Prints every setting as config.toml would have it, and where its value comes from: the default, the file\n"
        "and its line, .env, the environment, or a flag of this command line. Also shows where .env or the\n"
        "environment wins over another value in the file. With a KEY, such as edge.listen or edge.tls, prints only\n"
        "that setting or section. Secrets show as \"(set)\". Run it where bodega serve runs, as the same user.",
        {},
        0,
        1,
        true,
        run_config_show};
    return command;
}

}  // namespace bodega::cli
