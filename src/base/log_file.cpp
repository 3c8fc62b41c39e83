#include "base/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace bodega::base {
namespace {

constexpr std::chrono::seconds kCheckInterval{1};
// A larger `keep` may have left old files with higher numbers. rotate() removes them, up to this number.
constexpr int kMaxLeftOver = 1000;

std::string numbered(const std::string& path, int number) { return path + "." + std::to_string(number); }

std::size_t count_lines(std::string_view lines) {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
}

}  // namespace

LogFile::LogFile(std::string path, Rotation rotation) : path_(std::move(path)), rotation_(rotation) {
    if (!open()) throw system_error("open the log file " + path_, errno, Code::config_invalid);
}

std::int64_t LogFile::period(Milliseconds when) const {
    return rotation_.age.count() > 0 ? when / rotation_.age.count() : 0;
}

bool LogFile::open() {
    Fd file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) return false;
    file_ = std::move(file);
    size_ = status.st_size;
    period_ = period(size_ > 0 ? status.st_mtim.tv_sec * Milliseconds{1000} : now_ms());
    torn_ = false;
    return true;
}

void LogFile::reopen() {
    if (!open()) log_failure("could not be reopened", errno);
}

bool LogFile::was_moved() const {
    struct stat named {
    }, held{};
    if (::fstat(file_.get(), &held) != 0) return true;
    return ::stat(path_.c_str(), &named) != 0 || named.st_ino != held.st_ino || named.st_dev != held.st_dev;
}

bool LogFile::is_due(std::size_t coming) const {
    if (size_ == 0) return false;
    return size_ + static_cast<std::int64_t>(coming) > rotation_.size || period(now_ms()) != period_;
}

// Renames the oldest file first, so that each name is free when the next file gets it. If the current file can't be
// renamed, it continues to grow.
void LogFile::rotate() {
    for (int i = rotation_.keep; i < kMaxLeftOver && ::unlink(numbered(path_, i).c_str()) == 0; ++i) continue;
    for (int i = rotation_.keep - 1; i >= 1; --i) ::rename(numbered(path_, i).c_str(), numbered(path_, i + 1).c_str());
    if (::rename(path_.c_str(), numbered(path_, 1).c_str()) != 0) log_failure("could not be rotated", errno);
    reopen();
}

void LogFile::log_failure(std::string_view what, int error) {
    if (std::exchange(failing_, true)) return;
    log::write_to_stderr(log::Level::error, "log", std::string("a log file ").append(what),
                         {{"path", path_}, {"error", std::generic_category().message(error)}});
}

bool LogFile::append(std::string_view lines) {
    while (!lines.empty()) {
        ssize_t n = ::write(file_.get(), lines.data(), lines.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return log_failure("could not be written to", errno), false;
        lines.remove_prefix(static_cast<std::size_t>(n));
        size_ += n;
        torn_ = !lines.empty() && lines.data()[-1] != '\n';
    }
    failing_ = false;
    return true;
}

std::size_t LogFile::write(std::string_view lines, const std::atomic<bool>&) {
    if (Steady::now() - last_check_ >= kCheckInterval) {
        last_check_ = Steady::now();
        if (was_moved()) reopen();
    }
    if (is_due(lines.size())) rotate();
    period_ = period(now_ms());
    if (torn_ && !append("\n")) return count_lines(lines);
    std::int64_t before = size_;
    if (append(lines)) return 0;
    return count_lines(lines.substr(static_cast<std::size_t>(size_ - before)));
}

}  // namespace bodega::base
