#include "edge/tls/live_tls_contexts.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace bodega::edge {
namespace {

std::vector<FileStamp> stamps(const config::Tls& settings) {
    std::vector<FileStamp> out;
    for (const std::string& pair : settings.certificates) {
        CertificateFiles files = CertificateFiles::of(pair);
        out.push_back(FileStamp::of(files.chain));
        out.push_back(FileStamp::of(files.key));
    }
    return out;
}

}  // namespace

LiveTlsContexts::Loaded LiveTlsContexts::load(const config::Tls& settings, bool http2) {
    Loaded out;
    out.settings = settings;
    out.http2 = http2;
    // Reads the files' stamps before the files. If a file changes in between, its stamp differs at the next check, and
    // it is loaded again.
    out.seen = stamps(settings);
    out.contexts = std::make_shared<const TlsContexts>(settings, tickets_, http2);
    return out;
}

LiveTlsContexts::Loaded LiveTlsContexts::load(const config::Edge& settings) {
    return load(settings.tls, settings.http2 == "on");
}

void LiveTlsContexts::adopt(Loaded loaded) {
    const base::MutexLock check_lock(check_mutex_);
    use(std::move(loaded));
}

void LiveTlsContexts::use(Loaded loaded) {
    auto contexts = std::move(loaded.contexts);
    current_ = std::move(loaded);
    const base::MutexLock lock(mutex_);
    contexts_.swap(contexts);
}

std::shared_ptr<const TlsContexts> LiveTlsContexts::contexts() const {
    const base::MutexLock lock(mutex_);
    return contexts_;
}

void LiveTlsContexts::reload_changed_certificates() {
    const base::MutexLock check_lock(check_mutex_);
    if (stamps(current_.settings) == current_.seen) return;
    try {
        use(load(current_.settings, current_.http2));
    } catch (const std::exception& error) {
        // Log a reason only once. The next check tries again, since the cause may be a file's owner or mode, which the
        // stamps do not contain.
        if (last_error_ != error.what()) {
            base::log::error("tls", "the changed certificates can't be used; the previous ones stay in use",
                             {{"error", error.what()}});
        }
        last_error_ = error.what();
        return;
    }
    last_error_.clear();
    base::log::info("tls", "new certificates are in use");
}

}  // namespace bodega::edge
