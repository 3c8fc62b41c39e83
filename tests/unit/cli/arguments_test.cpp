#include "cli/arguments.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "config/key.h"

using namespace bodega;
using namespace bodega::cli;

namespace {

std::string refused(const std::vector<std::string>& words) {
    try {
        parse_arguments(words);
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a command line names its command first", "[cli]") {
    CHECK(parse_arguments({"version"}).command == &version_command());
    CHECK(parse_arguments({"--version"}).command == &version_command());
    CHECK(parse_arguments({"--help"}).command == &help_command());
    CHECK(parse_arguments({"help", "serve"}).arguments == std::vector<std::string>{"serve"});
    CHECK(parse_arguments({"version", "-h"}).help);
    CHECK(refused({}) == "say what to do, for example: bodega serve; bodega help lists the commands");
    CHECK(refused({"verson"}) ==
          "there is no command \"verson\" (did you mean version?); bodega help lists the commands");
}

TEST_CASE("options and arguments that the command does not have are refused", "[cli]") {
    CHECK(refused({"version", "x"}) == "version: \"x\" is one argument too many; usage: bodega version");
    CHECK(refused({"version", "--edge-listen", "x"}).starts_with("version: there is no flag --edge-listen"));
    CHECK(refused({"version", "--help=x"}) == "version: --help takes no value");
}

TEST_CASE("help lists every command and every setting", "[cli]") {
    std::string all = overview(), settings = help_of_settings();
    for (const Command* command : all_commands()) {
        INFO(command->name);
        CHECK(all.find("  " + std::string(command->name) + " ") != all.npos);
        CHECK(help_of(*command).starts_with("Usage: bodega " + std::string(command->name)));
        CHECK(find_command(command->name) == command);
    }
    for (const config::Key& key : config::keys()) {
        INFO(key.name);
        CHECK(settings.find("  " + (key.secret ? config::variable_name(key) : config::flag_name(key))) !=
              settings.npos);
    }
}
