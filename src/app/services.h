// The services that every use case works with. server/backend.h makes them; they outlive all use cases.
#pragma once

#include "blobs/free_space.h"
#include "blobs/store.h"
#include "config/config.h"
#include "db/pool.h"

namespace bodega::app {

struct Writers;

struct Services {
    const config::Config& config;
    db::Pool& catalog;
    blobs::Store& blobs;
    Writers* writers = nullptr;  // null in a process that does not serve
    // Watches the free space of the shared directory's disk. If null, the free space is not checked.
    blobs::FreeSpace* free_space = nullptr;
};

}  // namespace bodega::app
