#include "net/wait_limit.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace bodega::net {

WaitLimit::WaitLimit(std::string server, base::Steady::time_point deadline, Continues continues)
    : server_(std::move(server)), deadline_(deadline), continues_(std::move(continues)) {}

void WaitLimit::check() const {
    using base::Code;
    if (continues_ && !continues_()) throw base::Error(Code::unavailable, "the request to " + server_ + " was aborted");
    if (base::Steady::now() >= deadline_) throw base::Error(Code::unavailable, server_ + " did not answer in time");
}

void WaitLimit::await(int fd, short events) const {
    while (!await(fd, events, deadline_)) check();
}

bool WaitLimit::await(int fd, short events, base::Steady::time_point until) const {
    for (;;) {
        check();
        const auto left = std::min(until, deadline_) - base::Steady::now();
        if (left <= left.zero() && until < deadline_) return false;
        const auto slice =
            std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(1), kCheckEvery);
        pollfd watched{fd, events, 0};
        if (::poll(&watched, 1, static_cast<int>(slice.count())) > 0) return true;
    }
}

}  // namespace bodega::net
