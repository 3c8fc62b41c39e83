// The configured routes on one loop: hands an exchange to what its route names.
//
// Belongs to its loop's thread. A reload gives the loop another one; requests in flight keep theirs, by the
// shared_ptr whose owners are the loop's site and those requests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "edge/uploads/upload_dispatcher.h"
#include "edge/exchange/exchange.h"
#include "edge/files/folder_handler.h"
#include "edge/proxy/proxy.h"
#include "edge/route_plan.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class LaneRoutes {
public:
    // The worker, the app's intake and the files outlive it. `loops`: among how many connections are shared out.
    LaneRoutes(Worker& worker, std::shared_ptr<const RoutePlan> plan, BodyIntake& app, FileAnswers& files,
               std::size_t loops);

    bool empty() const noexcept { return plan_->routing.empty(); }
    // As Routing::find.
    int find(std::string_view host, const RoutePath& path) const { return plan_->routing.find(host, path); }
    // Requires: a rule that find() gave, for this path; `self` is this one.
    static Task<void> handle(std::shared_ptr<LaneRoutes> self, Exchange& x, int rule, std::string path);

private:
    struct Upstream {
        std::unique_ptr<UpstreamGroup> group;
        std::unique_ptr<Proxy> proxy;
    };

    Task<void> ask(Exchange& x, const Rule& rule);

    Worker& worker_;
    const std::shared_ptr<const RoutePlan> plan_;  // owners: the server, and each loop's routes
    BodyIntake& app_;
    FolderAnswers folders_;
    std::map<std::string, Upstream> upstreams_;
};

}  // namespace bodega::edge
