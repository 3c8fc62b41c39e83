// The configured routes on one loop: passes an exchange to the target of its route.
//
// Belongs to its loop's thread. A reload gives the loop a new object; requests in flight keep the old one. The owners
// of the shared_ptr are the loop's RequestRouter and the requests in flight.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/files/folder_handler.h"
#include "edge/proxy/proxy.h"
#include "edge/route_plan.h"
#include "edge/uploads/upload_dispatcher.h"
#include "net/task.h"

namespace bodega::edge {

class LoopRoutes {
public:
    // loops: the number of event loops, among which the connections to an upstream are divided. Requires: the context,
    // the dispatcher and `files` outlive the LoopRoutes.
    LoopRoutes(LoopContext& context, std::shared_ptr<const RoutePlan> plan, UploadDispatcher& app, FileHandler& files,
               std::size_t loops);

    bool empty() const noexcept { return plan_->routing.empty(); }
    // See ConfiguredRoutes::find.
    int find(std::string_view host, const RoutePath& path) const { return plan_->routing.find(host, path); }
    // Answers `x` by the route `rule`. self: keeps the LoopRoutes alive until the answer is complete. Requires: find()
    // returned `rule` for `path`.
    static net::Task<void> handle(std::shared_ptr<LoopRoutes> self, Exchange& x, int rule, std::string path);

private:
    struct Upstream {
        std::unique_ptr<UpstreamGroup> group;
        std::unique_ptr<Proxy> proxy;
    };

    net::Task<void> ask(Exchange& x, const ConfiguredRoute& rule);

    LoopContext& context_;
    const std::shared_ptr<const RoutePlan> plan_;  // shared with the server and with the routes of the other loops
    UploadDispatcher& app_;
    FolderHandler folders_;
    std::map<std::string, Upstream> upstreams_;
};

}  // namespace bodega::edge
