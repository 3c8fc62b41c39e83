// Passes each exchange to the part that answers it. Tries the configured routes first, then bodega's own.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/front_page.h"
#include "config/public_url.h"
#include "config/rate.h"
#include "edge/exchange/handler.h"
#include "edge/exchange/loop_context.h"
#include "edge/files/blob_folder.h"
#include "edge/files/challenge_handler.h"
#include "edge/files/file_handler.h"
#include "edge/files/folder_handler.h"
#include "edge/loop_routes.h"
#include "edge/proxy/proxy.h"
#include "edge/proxy/upstream_group.h"
#include "edge/proxy/upstream_pool.h"
#include "edge/routing/configured_routes.h"
#include "edge/uploads/upload_dispatcher.h"

namespace bodega::edge {

class RequestRouter final : public Handler {
public:
    // limits: limits the connections to the app. Requires: the context outlives the RequestRouter.
    RequestRouter(LoopContext& context, std::shared_ptr<const BlobFolder> blobs, UpstreamPool::Limits limits);

    // Applies the context's settings after a reload. Call it on the loop's thread.
    void follow_settings(const UpstreamPool::Limits& limits);
    // Replaces the configured routes. Requests in flight keep their old routes. loops: the number of event loops, among
    // which the connections to an upstream are divided. Call it before the loop runs, or on the loop's thread.
    void route_by(std::shared_ptr<const RoutePlan> plan, std::size_t loops);

    net::Task<void> handle(Exchange& x) override;

private:
    net::Task<void> handle_challenge(Exchange& x);
    net::Task<void> handle_routed(Exchange& x);
    net::Task<void> handle_health(Exchange& x);
    net::Task<void> handle_own(Exchange& x);
    net::Task<void> handle_outside(Exchange& x);
    net::Task<void> send_page(Exchange& x, std::string_view path);
    net::Task<void> send_site_file(Exchange& x);

    LoopContext& context_;
    const config::PublicUrl& site_;
    const base::FrontPage front_page_;
    std::optional<config::Rate> rate_;  // rate limit for each client address; std::nullopt: no limit
    UpstreamGroup app_;
    // Connections to the app for upload offers. There are few of them, so that a burst of offers waits in the edge and
    // not in the app.
    UpstreamGroup app_for_offers_;
    // Connections to the app for upload reports. They are separate from those for offers: an offer may take long, since
    // it may move an upload's bytes.
    UpstreamGroup app_for_reports_;
    // Connections to the app for health checks. They are separate, so that a health check never waits for other
    // requests.
    UpstreamGroup app_for_health_;
    FileHandler files_;
    Proxy proxy_;
    Proxy offer_proxy_;
    Proxy report_proxy_;
    Proxy health_proxy_;
    UploadDispatcher upload_dispatcher_;
    ChallengeHandler challenges_;
    FolderHandler folders_;
    const std::shared_ptr<const BlobFolder> site_folder_;  // shared with requests in flight
    const ConfiguredRoute site_rule_;
    std::shared_ptr<LoopRoutes> routes_;  // null if no routes are configured
};

}  // namespace bodega::edge
