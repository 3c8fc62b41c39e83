// bodega's own site: hands each exchange to the part that its route names.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "config/rate.h"
#include "edge/files/blob_folder.h"
#include "edge/uploads/upload_dispatcher.h"
#include "edge/files/challenge_handler.h"
#include "edge/files/file_handler.h"
#include "edge/files/folder_handler.h"
#include "edge/loop_routes.h"
#include "edge/proxy/proxy.h"
#include "edge/routing/routing.h"
#include "edge/proxy/upstream.h"
#include "edge/proxy/upstream_group.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Site final : public Handler {
public:
    // The worker outlives the site. `limits`: of connections to the app.
    Site(Worker& worker, std::shared_ptr<const BlobFolder> blobs, UpstreamPool::Limits limits);

    // By the worker's settings, which are others now. On the loop's thread, as the next.
    void follow_settings(const UpstreamPool::Limits& limits);
    // The configured routes from now on; requests in flight keep those that they began with.
    // `loops`: among how many the upstreams' connections are shared out. Before the loop runs, or on its thread.
    void route_by(std::shared_ptr<const RoutePlan> plan, std::size_t loops);

    Task<void> handle(Exchange& x) override;

private:
    Task<void> handle_challenge(Exchange& x);
    Task<void> handle_routed(Exchange& x);
    Task<void> handle_health(Exchange& x);
    Task<void> handle_own(Exchange& x);
    Task<void> send_site_file(Exchange& x);

    Worker& worker_;
    std::optional<config::Rate> rate_;  // of one address
    UpstreamGroup app_;
    UpstreamGroup app_for_offers_;   // of uploads: few at once, so that a burst of them waits here
    UpstreamGroup app_for_reports_;  // the same: never behind offers, which may move an upload's bytes
    UpstreamGroup app_for_health_;   // whether this node is ready: never behind anybody's request
    FileAnswers files_;
    Proxy proxy_;
    Proxy offer_proxy_;
    Proxy report_proxy_;
    Proxy health_proxy_;
    BodyIntake app_intake_;
    ChallengeAnswers challenges_;
    FolderAnswers folders_;
    const std::shared_ptr<const BlobFolder> site_folder_;  // owners: this, and requests on their way
    const Rule site_rule_;
    std::shared_ptr<LaneRoutes> routes_;  // nullptr: none are configured
};

}  // namespace bodega::edge
