// What `bodega help` says, made from the tables of commands and settings. Pure functions.
#pragma once

#include <string>

#include "cli/command.h"

namespace bodega::cli {

std::string overview();                       // the commands, a line each
std::string help_of(const Command& command);  // usage, text, options; with the settings for serve
std::string help_of_settings();               // every setting: flag, default, meaning

}  // namespace bodega::cli
