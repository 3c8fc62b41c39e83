#include "server/process.h"

#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace bodega::server {

void hold_standard_descriptors() noexcept {
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
        // open(2) returns the lowest free number, which is `fd`.
        static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
}

void limit_heap() noexcept {
    ::mallopt(M_ARENA_MAX, 2);
    // Turns off fast bins, because each free of a large block would go through all blocks in them. glibc's cache of
    // each thread (tcache) serves small blocks.
    ::mallopt(M_MXFAST, 0);
    // glibc raises these thresholds over time, unless they are set. With higher thresholds, freed blocks would stay in
    // the process forever.
    ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
    ::mallopt(M_TRIM_THRESHOLD, 2 << 20);
}

void prefer_throughput() noexcept {
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_BATCH, &none);  // an error is ignored: the policy then stays the same
}

std::uint64_t raise_file_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    rlimit raised{limit.rlim_max, limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

void fit_connections(config::Config& config, std::uint64_t file_limit) {
    // The number of descriptors for other uses: files of uploads, the catalog's connections, and the app's side of
    // proxied requests.
    auto own =
        static_cast<std::uint64_t>(256 + 4 * (config.app.threads + config.app.uploads) + config.database.pool_size);
    std::uint64_t left = file_limit > own ? file_limit - own : 0;
    int fitting = static_cast<int>(std::clamp<std::uint64_t>(left / 3 * 2, 16, 1'000'000));
    config.edge.max_connections = std::min(config.edge.max_connections, fitting);
}

}  // namespace bodega::server
