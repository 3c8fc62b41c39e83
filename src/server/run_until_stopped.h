// Handles an operator's signals for a running server, until it stops.
#pragma once

#include <functional>

#include "config/config.h"
#include "config/read.h"
#include "edge/admin.h"
#include "edge/server.h"
#include "server/drain.h"
#include "server/housekeeping.h"
#include "server/logs.h"
#include "server/signals.h"
#include "server/systemd.h"
#include "web/server.h"

namespace bodega::server {

struct Running {
    const std::function<config::Reading()>& read_config;
    config::Config config;  // a copy that a reload changes; the app keeps the original
    Signals& signals;
    Logs& logs;
    const Systemd& systemd;
    Drain& drain;
    edge::Server* edge;  // may be null, like `admin`
    edge::Admin* admin;
    web::Server& app;
    Housekeeping& housekeeping;
};

// Ends this process while another process owns the listening sockets and serves. Finishes the open connections, and
// does not touch the shared sockets and files. The node's readiness does not change.
void leave(const Running& running);

// Handles signals. Returns when everything is drained, after a stop or after another process took over.
void run_until_stopped(Running running);

}  // namespace bodega::server
