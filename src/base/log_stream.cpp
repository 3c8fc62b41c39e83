#include "base/log_stream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace bodega::base {
namespace {

constexpr int kPollInterval = 50;  // ms between two checks of `hurry`

// Returns the whole lines at the front that fit into one atomic write to a pipe. If the first line is longer than that,
// returns this line.
std::string_view first_piece(std::string_view lines) {
    if (lines.size() <= PIPE_BUF) return lines;
    std::size_t end = lines.rfind('\n', PIPE_BUF - 1);
    if (end == std::string_view::npos) end = lines.find('\n');
    return lines.substr(0, end == std::string_view::npos ? lines.size() : end + 1);
}

}  // namespace

bool LogStream::wait_for_room(const std::atomic<bool>& hurry) const noexcept {
    for (;;) {
        bool last = hurry.load(std::memory_order_relaxed);
        pollfd watched{fd_, POLLOUT, 0};
        int ready = ::poll(&watched, 1, last ? 0 : kPollInterval);
        if (ready > 0) return true;  // writable, or an error that write(2) will report
        if (last || (ready < 0 && errno != EINTR)) return false;
    }
}

std::size_t LogStream::write(std::string_view lines, const std::atomic<bool>& hurry) {
    std::size_t lost = 0;
    while (!lines.empty()) {
        std::string_view piece = first_piece(lines);
        lines.remove_prefix(piece.size());
        auto of_piece = static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
        while (!piece.empty() && wait_for_room(hurry)) {
            ssize_t n = ::write(fd_, piece.data(), piece.size());
            if (n < 0 && errno != EINTR && errno != EAGAIN) break;
            if (n > 0) piece.remove_prefix(static_cast<std::size_t>(n));
        }
        if (!piece.empty()) lost += of_piece;
    }
    return lost;
}

}  // namespace bodega::base
