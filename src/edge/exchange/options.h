// The arguments for constructing an edge: its settings, the app's address, and the folders that it serves.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/duplex_pipe.h"
#include "base/inherited_sockets.h"
#include "base/upload_conversation.h"
#include "config/config.h"
#include "config/public_url.h"
#include "edge/observe/access_log_entry.h"
#include "net/resolve.h"

namespace bodega::edge {

struct Options {
    config::Edge settings;
    config::PublicUrl site;                            // its base path is in front of all of bodega's own paths
    std::string app_socket;                            // path of the app's unix socket
    std::shared_ptr<base::PipeListener> app_listener;  // if set, the app is in this process, and app_socket is not used
    // The conversations with the app at the other end of app_listener, about the bodies that the edge writes. They
    // outlive the edge. If null, the app writes bodies itself.
    base::UploadConversations* conversations = nullptr;
    std::string blobs_root;   // folder in which X-Accel-Redirect: /_blobs/… is resolved
    std::string site_root;    // folder of the operator's own files, served below /site/; may not exist
    std::string shared_root;  // folder in which certbot's webroot, acme/, may be
    // Sockets of a former process, which are used if their address matches; may be null.
    std::shared_ptr<base::InheritedSockets> inherited;
    bool opens_later = false;                  // if true, new connections wait in the kernel until open() is called
    net::Resolve resolve = net::resolve_name;  // the function that looks up the names of upstream servers
    // Called on a loop's thread after each answer. Must not block or throw. If empty, there is no access log.
    std::function<void(const AccessLogEntry&)> on_access;
};

}  // namespace bodega::edge
