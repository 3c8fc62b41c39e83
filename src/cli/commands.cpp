#include "cli/commands.h"

#include <algorithm>
#include <array>

namespace bodega::cli {

std::span<const Command* const> all_commands() {
    static const std::array commands{
        &serve_command(),        &config_check_command(), &config_show_command(),   &user_add_command(),
        &user_list_command(),    &user_passwd_command(),  &user_disable_command(),  &user_enable_command(),
        &user_unlock_command(),  &user_tokens_command(),  &user_sessions_command(), &nodes_command(),
        &drain_command(),        &doctor_command(),       &import_command(),        &export_command(),
        &fsck_command(),         &backup_command(),       &restore_command(),       &migrate_command(),
        &move_catalog_command(), &adopt_command(),        &acme_forget_command(),   &kit_command(),
        &help_command(),         &version_command(),
    };
    return commands;
}

const Command* find_command(std::string_view name) {
    auto commands = all_commands();
    auto found = std::find_if(commands.begin(), commands.end(), [&](const Command* c) { return c->name == name; });
    return found == commands.end() ? nullptr : *found;
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const Command* command : all_commands()) names.emplace_back(command->name);
    return names;
}

}  // namespace bodega::cli
