// Creates the data folder, or checks that it exists.
#pragma once

#include "config/config.h"

namespace bodega::server {

// Creates node.data_dir, if missing, and the folders above it, with access for this user and its group (NGINX reads
// blobs there). Throws Error{config_invalid} if the path can't be created, is not a folder, or is read-only.
void make_data_dir(const config::Config& config);

// Throws Error{config_invalid} if node.data_dir holds no data of bodega. A command that only reads must not create an
// empty catalog if it is run in the wrong folder.
void require_data_dir(const config::Config& config);

}  // namespace bodega::server
