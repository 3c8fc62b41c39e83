// A running server and what its operator asks of it, until it stops.
#pragma once

#include "cli/command.h"
#include "server/drain.h"
#include "server/housekeeping.h"
#include "server/logs.h"
#include "server/signals.h"
#include "server/systemd.h"
#include "config/config.h"
#include "edge/admin.h"
#include "edge/server.h"
#include "web/server.h"

namespace bodega::cli {

struct Running {
    const Invocation& invocation;
    config::Config config;  // a copy, which a reload changes; the app keeps the one that it began with
    Signals& signals;
    Logs& logs;
    const Systemd& systemd;
    Drain& drain;
    edge::Server* edge;  // may be null, as the next
    edge::Admin* admin;
    web::Server& app;
    Housekeeping& housekeeping;
};

// Ends this process while another one has the listening sockets and serves: connections that are here end well, and
// what the two share stays as it is. The node stays as ready as it was.
void leave(const Running& running);

// Does what signals ask for; returns when all is drained, because of a stop or because another process has taken over.
void attend(Running running);

}  // namespace bodega::cli
