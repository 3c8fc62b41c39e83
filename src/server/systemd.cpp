#include "server/systemd.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>

#include "base/fd.h"
#include "config/value.h"

namespace bodega::server {
namespace {

std::string environment(const char* name) {
    const char* text = std::getenv(name);
    return text ? text : "";
}

std::optional<config::Duration> watchdog_of_environment() {
    std::string process = environment("WATCHDOG_PID");
    if (!process.empty() && process != std::to_string(::getpid())) return std::nullopt;
    auto micros = config::parse_integer(environment("WATCHDOG_USEC"));
    if (!micros || *micros <= 0) return std::nullopt;
    return std::chrono::duration_cast<config::Duration>(std::chrono::microseconds(*micros));
}

}  // namespace

Systemd::Systemd() : socket_(environment("NOTIFY_SOCKET")), watchdog_(watchdog_of_environment()) {}

// Sends a monotonic timestamp, by which systemd matches a RELOADING=1 with the next READY=1.
void Systemd::reloading() const noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000LL + now.tv_nsec / 1000));
}

void Systemd::stopping(config::Duration limit) const noexcept {
    auto micros = std::chrono::duration_cast<std::chrono::microseconds>(limit).count();
    tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(micros));
}

void Systemd::replaced_by(int process) const noexcept { tell("MAINPID=" + std::to_string(process)); }

// A lost datagram is ignored: it costs only a line in systemctl's output, or a restart by the watchdog.
void Systemd::tell(std::string_view message) const noexcept {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (socket_.empty() || socket_.size() >= sizeof name.sun_path) return;
    std::copy(socket_.begin(), socket_.end(), name.sun_path);
    if (name.sun_path[0] == '@') name.sun_path[0] = '\0';
    base::Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    ::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&name), length);
}

}  // namespace bodega::server
