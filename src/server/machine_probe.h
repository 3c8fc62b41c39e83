// Collects facts about this machine for `bodega doctor`.
#pragma once

#include "app/doctor/check_machine.h"
#include "config/config.h"

namespace bodega::server {

// Raises this process's limit of open files, as serve does. Never throws.
app::MachineProbe probe_machine(const config::Config& config);

}  // namespace bodega::server
