// The services that every use case works with. The composition (cli/) makes them; they outlive all use cases.
#pragma once

#include "blobs/room.h"
#include "blobs/store.h"
#include "config/config.h"
#include "db/pool.h"

namespace bodega::app {

struct Writers;

struct Services {
    const config::Config& config;
    db::Pool& catalog;
    blobs::Store& blobs;
    Writers* writers = nullptr;   // only in a process that serves; else nullptr
    blobs::Room* room = nullptr;  // free space of the shared directory's disk; nullptr: not checked
};

}  // namespace bodega::app
