#include "server/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace bodega::server {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

struct Memory {
    std::uint64_t pages = 0, resident_pages = 0;
};

Memory memory() {
    Memory out;
    std::ifstream("/proc/self/statm") >> out.pages >> out.resident_pages;
    return out;
}

// In seconds since the epoch: the machine's boot time plus the process's start after boot (proc(5): field 22 of stat).
std::optional<double> start_time() {
    std::string word;
    std::uint64_t boot = 0;
    std::ifstream machine("/proc/stat");
    while (machine >> word)
        if (word == "btime" && machine >> boot) break;
    std::ifstream file("/proc/self/stat");
    std::string stat((std::istreambuf_iterator<char>(file)), {});
    std::size_t name_end = stat.rfind(')');  // the name may contain blanks
    if (boot == 0 || name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(stat.substr(name_end + 1));
    std::uint64_t ticks = 0;
    for (int i = 3; i < 22; ++i) fields >> word;
    if (!(fields >> ticks)) return std::nullopt;
    return static_cast<double>(boot) + static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::int64_t count_entries(const char* folder, std::int64_t not_counted) {
    DIR* open = ::opendir(folder);
    if (!open) return -1;
    std::int64_t count = -not_counted;
    while (::readdir(open)) ++count;
    ::closedir(open);
    return count;
}

}  // namespace

void write_process_metrics(base::Exposition& out) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    out.counter("process_cpu_seconds_total", "User and system CPU time.",
                seconds(usage.ru_utime) + seconds(usage.ru_stime));
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const Memory now = memory();
    out.gauge("process_resident_memory_bytes", "Resident memory.", now.resident_pages * page);
    out.gauge("process_virtual_memory_bytes", "Virtual memory.", now.pages * page);
    // Does not count ".", "..", and the descriptor that reads the folder.
    if (std::int64_t open = count_entries("/proc/self/fd", 3); open >= 0)
        out.gauge("process_open_fds", "Open file descriptors.", open);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
        out.gauge("process_max_fds", "The limit of open file descriptors.", static_cast<std::uint64_t>(files.rlim_cur));
    if (std::int64_t threads = count_entries("/proc/self/task", 2); threads >= 0)
        out.gauge("process_threads", "Threads.", threads);
    static const std::optional<double> started = start_time();
    if (started) out.gauge("process_start_time_seconds", "When the process started, since the epoch.", *started);
}

}  // namespace bodega::server
