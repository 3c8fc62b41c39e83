// The texts of `bodega help`, made from the tables of commands and settings. Pure functions.
#pragma once

#include <string>

#include "cli/command.h"

namespace bodega::cli {

std::string overview();                       // all commands, one line each
std::string help_of(const Command& command);  // usage, text and options; for serve, also the settings
std::string help_of_settings();               // every setting: flag, default, meaning

}  // namespace bodega::cli
