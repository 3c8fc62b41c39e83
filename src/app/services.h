// What every use case works with. The composition (cli/) makes it; it outlives all of them.
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
    Writers* writers = nullptr;   // of a process that serves; else none
    blobs::Room* room = nullptr;  // of the shared directory's disk; none: nobody looks
};

}  // namespace bodega::app
