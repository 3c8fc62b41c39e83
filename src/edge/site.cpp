#include "edge/site.h"

#include "base/asset.h"
#include "edge/answer.h"
#include "edge/asset_answer.h"
#include "edge/routes.h"

namespace bodega::edge {
namespace {

Task<void> send_asset_or_404(Exchange& x, std::string_view path) {
    const base::Asset* asset = base::find_asset(path);
    if (asset) return send_asset(x, *asset);
    answer_error(x, 404, "There is nothing here.");
    return nothing();
}

}  // namespace

Site::Site(Worker& worker, const BlobFolder& blobs, UpstreamPool::Limits limits)
    : app_(worker.loop, worker.blocks, UpstreamAddress{worker.options.app_socket, worker.options.app_listener}, limits),
      files_(worker, blobs),
      proxy_(worker, app_, files_) {}

Task<void> Site::handle(Exchange& x) {
    const RequestHead& request = x.request();
    if (request.method == Method::trace) {
        answer_error(x, 405, "TRACE is not offered here.");
        return nothing();
    }
    if (request.target == "*") {
        answer_text(x, 200, "");
        return nothing();
    }
    Route route = route_of(request.path);
    x.trail().route = route == Route::app ? "app" : route == Route::live ? "live" : "web";
    switch (route) {
        case Route::app: return proxy_.handle(x);
        case Route::live: answer_text(x, 200, "ok\n"); return nothing();
        case Route::page: return send_asset_or_404(x, "/index.html");
        case Route::asset: break;
    }
    return send_asset_or_404(x, request.path);
}

}  // namespace bodega::edge
