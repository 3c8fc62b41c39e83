#include "edge/exchange/loop_context.h"

#include <chrono>

namespace bodega::edge {
namespace {

std::string hsts_field(const config::Tls& settings) {
    if (settings.hsts.count() == 0) return {};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.hsts).count();
    return "Strict-Transport-Security: max-age=" + std::to_string(seconds) + "\r\n";
}

}  // namespace

LoopContext::LoopContext(const Options& all, const SharedParts& shared, const LoopSettings& settings)
    : options(all), files(shared.files), spool(shared.spool), tls(shared.tls) {
    apply(settings);
    reloads = 0;
}

void LoopContext::apply(const LoopSettings& settings) {
    ++reloads;
    options.settings = settings.edge;
    hsts = hsts_field(settings.edge.tls);
    error_pages = settings.error_pages;
    trust = settings.trust;
    limiter = settings.limiter;
    secure_port = settings.secure_port;
    buffer_pool.set_budget(settings.memory);
    file_memory = settings.file_memory;
}

}  // namespace bodega::edge
