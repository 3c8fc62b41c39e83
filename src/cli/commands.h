// The list of all subcommands. A new subcommand adds its function here and to all_commands().
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace bodega::cli {

const Command& serve_command();
const Command& config_check_command();
const Command& config_show_command();
const Command& user_add_command();
const Command& user_list_command();
const Command& user_passwd_command();
const Command& user_disable_command();
const Command& user_enable_command();
const Command& user_unlock_command();
const Command& user_tokens_command();
const Command& user_sessions_command();
const Command& import_command();
const Command& export_command();
const Command& fsck_command();
const Command& nodes_command();
const Command& drain_command();
const Command& acme_forget_command();
const Command& migrate_command();
const Command& kit_command();
const Command& doctor_command();
const Command& adopt_command();
const Command& backup_command();
const Command& restore_command();
const Command& move_catalog_command();
const Command& help_command();
const Command& version_command();

// All commands, in the order in which help lists them.
std::span<const Command* const> all_commands();

// The command with exactly this name, or nullptr.
const Command* find_command(std::string_view name);

// The names of all commands, for "did you mean".
std::vector<std::string> command_names();

}  // namespace bodega::cli
