#include "edge/tls.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include "base/log.h"

namespace bodega::edge {

Tls::Tls(const config::Edge& settings) : settings_(settings.tls), http2_(settings.http2 == "on") {
    for (const std::string& pair : settings_.certificates) {
        CertificateFiles files = CertificateFiles::of(pair);
        paths_.push_back(files.chain);
        paths_.push_back(files.key);
    }
    // Before they are read: a change in between is then seen by the first look.
    seen_ = stamps();
    contexts_ = std::make_shared<const TlsContexts>(settings_, tickets_, http2_);
}

std::vector<FileStamp> Tls::stamps() const {
    std::vector<FileStamp> out;
    std::transform(paths_.begin(), paths_.end(), std::back_inserter(out),
                   [](const std::string& path) { return FileStamp::of(path); });
    return out;
}

std::shared_ptr<const TlsContexts> Tls::contexts() const {
    std::lock_guard lock(mutex_);
    return contexts_;
}

void Tls::look_at_files() {
    std::lock_guard look(looking_);
    std::vector<FileStamp> now = stamps();
    if (now == seen_) return;
    seen_ = std::move(now);
    try {
        auto renewed = std::make_shared<const TlsContexts>(settings_, tickets_, http2_);
        std::lock_guard lock(mutex_);
        contexts_.swap(renewed);
    } catch (const std::exception& error) {
        base::log::error("tls", "the changed certificates can't be used; those from before stay",
                         {{"error", error.what()}});
        return;
    }
    base::log::info("tls", "new certificates are in use");
}

}  // namespace bodega::edge
