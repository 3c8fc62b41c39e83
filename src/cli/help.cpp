#include "cli/help.h"

#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/key.h"

namespace bodega::cli {
namespace {

// Formats two columns: `left` in `width` characters, or on its own line if it is longer.
std::string row(std::string_view left, std::string_view right, std::size_t width) {
    std::string line = "  " + std::string(left);
    if (left.size() > width) line += "\n  " + std::string(width, ' ');
    else line.append(width - left.size(), ' ');
    return line.append("  ").append(right).append("\n");
}

std::string usage(const Command& command) {
    std::string line = "Usage: bodega " + std::string(command.name);
    if (!command.arguments.empty()) line.append(" ").append(command.arguments);
    for (const Option& option : command.options) {
        line.append(" [").append(option.name);
        if (!option.value.empty()) line.append(" ").append(option.value);
        line += "]";
    }
    return line + (command.takes_settings ? " [settings]\n" : "\n");
}

// Returns the help of the commands whose first word is `topic`.
std::string help_of_group(const std::string& topic) {
    std::string text;
    for (const Command* command : all_commands())
        if (command->name.starts_with(topic + " ")) text += row(command->name, command->summary, 14);
    return text;
}

int run_help(const Invocation& invocation) {
    std::string topic;
    for (const std::string& word : invocation.arguments) topic.append(topic.empty() ? "" : " ").append(word);
    std::string text;
    if (topic.empty()) {
        text = overview();
    } else if (topic == "settings") {
        text = help_of_settings();
    } else if (const Command* command = find_command(topic)) {
        text = help_of(*command);
    } else if (text = help_of_group(topic); text.empty()) {
        std::vector<std::string> names = command_names();
        names.emplace_back("settings");
        throw base::Error(base::Code::config_invalid, "there is no command \"" + topic + "\"" +
                                                          config::did_you_mean(topic, names) +
                                                          "; bodega help lists the commands");
    }
    text.pop_back();  // say() adds the line break
    say(text);
    return kDone;
}

}  // namespace

std::string overview() {
    std::string text = "bodega: a team's shared files, from one static binary.\n\nUsage: bodega COMMAND …\n\n";
    for (const Command* command : all_commands()) text += row(command->name, command->summary, 14);
    return text +
           "\nbodega help COMMAND explains a command; bodega help settings lists every setting. Without any setting,\n"
           "bodega serve listens on http://127.0.0.1:8080 and keeps everything in ./bodega-data/.\n"
           "Exit codes: 0 done, 1 failed, 2 usage or configuration.\n";
}

std::string help_of(const Command& command) {
    std::string text = usage(command) + "\n" + std::string(command.text) + "\n";
    if (!command.options.empty()) text += "\nOptions:\n";
    for (const Option& option : command.options) {
        std::string left(option.name);
        if (!option.value.empty()) left.append(" ").append(option.value);
        text += row(left, option.help, 22);
    }
    if (command.name == "serve") text += "\n" + help_of_settings();
    else if (command.takes_settings) text += "\nEvery setting is also a flag: see bodega help settings.\n";
    return text;
}

std::string help_of_settings() {
    std::string text =
        "Settings. A key edge.listen of config.toml is the flag --edge-listen and the variable BODEGA_EDGE_LISTEN,\n"
        "in the environment or in .env. Flags win over variables, variables over the file. The classic variables\n"
        "work, too: DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, DB_PASSWORD_FILE, DB_SSL_CA, "
        "SHARED_DIR.\n\n";
    text +=
        row("--config FILE", "the file of settings (BODEGA_CONFIG); the default is ./config.toml, if it exists", 40);
    config::Config defaults;
    for (const config::Key& key : config::keys()) {
        std::string left = key.secret ? config::variable_name(key) : config::flag_name(key);
        text += row(left, std::string(key.help) + " (" + config::show(key, defaults) + ")", 40);
    }
    return text;
}

const Command& help_command() {
    static constexpr Command command{
        "help",
        "[COMMAND]",
        "list the commands, or explain one",
        "With a command: explains what it does, and its options. With \"settings\": lists every setting and its\n"
        "default.",
        {},
        0,
        2,
        false,
        run_help};
    return command;
}

}  // namespace bodega::cli
