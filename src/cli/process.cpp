#include "cli/process.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/log.h"

namespace bodega::cli {

void limit_heap() noexcept {
    ::mallopt(M_ARENA_MAX, 2);
    // Setting them also keeps glibc from raising them as it goes, which would keep freed blocks for ever.
    ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
    ::mallopt(M_TRIM_THRESHOLD, 512 << 10);
}

void raise_file_limit(config::Config& config) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_cur < limit.rlim_max) {
        rlimit raised{limit.rlim_max, limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    // Files of uploads, the catalog's connections, the app's own end of the proxied requests.
    rlim_t own = 256 + 4 * static_cast<rlim_t>(config.app.threads) + static_cast<rlim_t>(config.database.pool_size);
    rlim_t left = limit.rlim_cur > own ? limit.rlim_cur - own : 0;
    int fitting = static_cast<int>(std::clamp<rlim_t>(left / 3, 16, 1'000'000));
    if (config.edge.listen.empty() || config.edge.max_connections <= fitting) return;
    base::log::info("serve", "the limit of open files allows fewer connections than edge.max_connections",
                    {{"limit", limit.rlim_cur}, {"max_connections", fitting}});
    config.edge.max_connections = fitting;
}

}  // namespace bodega::cli
