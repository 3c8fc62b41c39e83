// What an edge is constructed from: its settings, the app's address, and the folders that it serves.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/body_recalls.h"
#include "base/body_sink.h"
#include "base/duplex_pipe.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "edge/observe/access_log_entry.h"
#include "net/resolve.h"

namespace bodega::edge {

struct Options {
    config::Edge settings;
    std::string app_socket;                            // path of the app's unix socket
    std::shared_ptr<base::PipeListener> app_listener;  // if set, the app is in this process, and the socket is not used
    // Opens the file of a body that the app orders the edge to write; empty: the app writes bodies itself. Called on
    // the file pool's threads.
    base::OpenBodySink open_body;
    base::BodyRecalls* recalls = nullptr;  // lets the app ask the writers of bodies to stop; null: it can't
    std::string blobs_root;                // folder below which X-Accel-Redirect: /_blobs/… is resolved
    std::string site_root;                 // folder of the operator's own files, served below /site/; may be absent
    std::string shared_root;               // folder that may contain certbot's webroot, acme/
    // Listening sockets to take over where their address matches; may be null.
    std::shared_ptr<base::InheritedSockets> inherited;
    bool opens_later = false;                  // until open(), connections wait in the kernel's queues
    net::Resolve resolve = net::resolve_name;  // looks up the names of upstream servers
    // Called on a loop's thread after each answer; must not block or throw. Empty: no access log.
    std::function<void(const AccessLogEntry&)> on_access;
};

}  // namespace bodega::edge
