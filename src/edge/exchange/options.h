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
    config::PublicUrl site;                            // the public URL; its base path begins all of bodega's own paths
    std::string app_socket;                            // path of the app's unix socket
    std::shared_ptr<base::PipeListener> app_listener;  // if set, the app is in this process, and app_socket is not used
    // The conversations with the app about request bodies that the edge writes to files. If null, the app writes all
    // bodies. Outlives the edge.
    base::UploadConversations* conversations = nullptr;
    std::string blobs_root;   // folder of the files that the app names with X-Accel-Redirect: /_blobs/…
    std::string site_root;    // folder of the operator's own files, served below /site/; may not exist
    std::string shared_root;  // the shared folder; certbot's webroot is its subfolder acme/, which may not exist
    // Listening sockets that another process handed over. One is used if its address matches a listener's. May be null.
    std::shared_ptr<base::InheritedSockets> inherited;
    bool opens_later = false;                  // if true, new connections wait in the kernel until open() is called
    net::Resolve resolve = net::resolve_name;  // the function that looks up the names of upstream servers
    // Called on a loop's thread after each answer. Must not block or throw. If empty, there is no access log.
    std::function<void(const AccessLogEntry&)> on_access;
};

}  // namespace bodega::edge
