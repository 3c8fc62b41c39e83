#include "cli/arguments.h"

#include <algorithm>

#include "base/error.h"
#include "cli/commands.h"
#include "config/key.h"

namespace bodega::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw base::Error(base::Code::config_invalid, message); }

class Parser {
public:
    explicit Parser(const std::vector<std::string>& words) : words_(words) {}

    Invocation parse() {
        take_command();
        bool options_over = false;
        while (next_ < words_.size()) {
            const std::string& word = words_[next_++];
            if (options_over || word.size() < 2 || word[0] != '-') out_.arguments.push_back(word);
            else if (word == "--") options_over = true;
            else take_flag(word);
        }
        check_count();
        return std::move(out_);
    }

private:
    // Reads the command's name, which is one word ("serve") or two ("user add").
    void take_command() {
        if (words_.empty()) refuse("say what to do, for example: bodega serve; bodega help lists the commands");
        std::string name = words_[0];
        if (name == "-h" || name == "--help") name = "help";
        if (name == "--version") name = "version";
        std::string two = words_.size() > 1 ? name + " " + words_[1] : name;
        const Command* command = find_command(name);
        next_ = 1;
        if (!command && (command = find_command(two))) next_ = 2;
        if (!command) refuse_command(name, two);
        out_.command = command;
    }

    [[noreturn]] static void refuse_command(const std::string& name, const std::string& two) {
        std::vector<std::string> names = command_names();
        std::string family;
        for (const std::string& known : names) {
            if (known.starts_with(name + " ")) family.append(family.empty() ? "" : ", ").append(known);
        }
        if (!family.empty()) refuse("there is no command \"" + two + "\"; there are: " + family);
        refuse("there is no command \"" + name + "\"" + config::did_you_mean(name, names) +
               "; bodega help lists the commands");
    }

    void take_flag(const std::string& word) {
        std::size_t equals = word.find('=');
        std::string name = word.substr(0, equals);
        std::optional<std::string> value;
        if (equals != word.npos) value = word.substr(equals + 1);
        if (name == "-h" || name == "--help") return take_help(name, value);
        for (const Option& option : out_.command->options) {
            if (option.name == name) return take_option(option, value);
        }
        if (out_.command->takes_settings) {
            if (name == "--config") return void(out_.config_file = value_of(name, value));
            for (const config::Key& key : config::keys()) {
                if (config::flag_name(key) == name) return take_setting(key, name, value);
            }
        }
        refuse(said("there is no flag " + name) + config::did_you_mean(name, flags()));
    }

    void take_help(const std::string& name, const std::optional<std::string>& value) {
        if (value) refuse(said(name + " takes no value"));
        out_.help = true;
    }

    void take_option(const Option& option, const std::optional<std::string>& value) {
        std::string name(option.name);
        if (out_.options.contains(name)) refuse(said(name + " is given twice"));
        if (option.value.empty() && value) refuse(said(name + " takes no value"));
        out_.options[name] = option.value.empty() ? "" : value_of(name, value);
    }

    void take_setting(const config::Key& key, const std::string& name, const std::optional<std::string>& value) {
        if (key.secret) {
            refuse(name + ": other users of the machine can see a command line; give the secret in a file (" + name +
                   "-file) or in the environment");
        }
        out_.flags.push_back({&key, config::Plain{value_of(name, value)}, name});
    }

    // Returns the value of an option: the text after "=", or the next word.
    std::string value_of(const std::string& name, const std::optional<std::string>& value) {
        if (value) return *value;
        if (next_ >= words_.size()) refuse(said(name + " needs a value"));
        return words_[next_++];
    }

    void check_count() const {
        const Command& command = *out_.command;
        std::size_t count = out_.arguments.size();
        if (out_.help || (count >= command.least && count <= command.max)) return;
        std::string usage = "usage: bodega " + std::string(command.name);
        if (!command.arguments.empty()) usage.append(" ").append(command.arguments);
        if (count < command.least) refuse(said("an argument is missing; " + usage));
        refuse(said("\"" + out_.arguments[command.max] + "\" is one argument too many; " + usage));
    }

    std::string said(const std::string& what) const { return std::string(out_.command->name) + ": " + what; }

    std::vector<std::string> flags() const {
        std::vector<std::string> names{"--help"};
        for (const Option& option : out_.command->options) names.emplace_back(option.name);
        if (!out_.command->takes_settings) return names;
        names.emplace_back("--config");
        for (const config::Key& key : config::keys()) {
            if (!key.secret) names.push_back(config::flag_name(key));
        }
        return names;
    }

    const std::vector<std::string>& words_;
    std::size_t next_ = 0;
    Invocation out_;
};

}  // namespace

Invocation parse_arguments(const std::vector<std::string>& words) { return Parser(words).parse(); }

}  // namespace bodega::cli
