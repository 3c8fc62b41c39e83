// The data folder: made by what starts a bodega, asked for by what works on one.
#pragma once

#include "config/config.h"

namespace bodega::cli {

// Makes node.data_dir, for this user and its group (NGINX reads blobs there), with the folders above it, unless it is
// there. Throws Error{config_invalid} if it can't be made, is no folder or is read-only.
void make_data_dir(const config::Config& config);

// Throws Error{config_invalid} if there is no bodega in node.data_dir: a command that only looks at one, run in
// another folder by mistake, must not make an empty one.
void require_data_dir(const config::Config& config);

}  // namespace bodega::cli
