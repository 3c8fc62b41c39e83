// What this machine gives a bodega, for bodega doctor.
#pragma once

#include "app/doctor/check_machine.h"
#include "config/config.h"

namespace bodega::cli {

// Raises this process's limit of open files, as serve does. Never throws.
app::MachineFacts look_at_machine(const config::Config& config);

}  // namespace bodega::cli
