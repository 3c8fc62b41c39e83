#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "cli/console.h"

namespace bodega::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLine{5};

std::string time_text(std::int64_t seconds) {
    if (seconds < 100) return std::to_string(seconds) + " s";
    if (seconds < 100 * 60) return std::to_string((seconds + 30) / 60) + " min";
    return std::to_string((seconds + 1800) / 3600) + " h";
}

std::int64_t per_second(const Work& work) {
    return work.milliseconds < 1 ? 0
                                 : static_cast<std::int64_t>(static_cast<double>(work.bytes) * 1000.0 /
                                                             static_cast<double>(work.milliseconds));
}

int percent(const Work& work) {
    if (work.all_bytes <= 0) return 0;
    return static_cast<int>(
        std::clamp<double>(100.0 * static_cast<double>(work.bytes) / static_cast<double>(work.all_bytes), 0, 100));
}

// "88 MiB/s" and "13 s left", as far as they can be told.
std::string pace(const Work& work, std::string_view between) {
    std::int64_t speed = per_second(work);
    if (speed == 0 || work.milliseconds < 500) return "";
    std::string text = std::string(between) + size_text(speed) + "/s";
    if (work.all_bytes > work.bytes) {
        text.append(between).append(time_text((work.all_bytes - work.bytes) / speed)).append(" left");
    }
    return text;
}

void write_error(std::string_view text) noexcept {
    // A bar that a closed terminal does not take is no reason to stop the work.
    [[maybe_unused]] ssize_t done = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

std::string size_text(std::int64_t bytes) {
    constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit > 0 && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return text.data();
}

std::string amount(std::int64_t files, std::int64_t bytes) {
    return std::to_string(files) + (files == 1 ? " file, " : " files, ") + size_text(bytes);
}

std::string progress_bar(const Work& work, int width) {
    std::string tail = amount(work.files, work.bytes) + pace(work, "  ");
    std::string head = work.doing + "  ";
    if (work.all_bytes >= 0) {
        std::array<char, 8> share{};
        std::snprintf(share.data(), share.size(), "%3d%%", percent(work));
        int room = std::min(40, width - static_cast<int>(head.size() + tail.size()) - 11);
        int full = std::max(room, 0) * percent(work) / 100;
        if (room >= 8) {
            head += "[" + std::string(static_cast<std::size_t>(full), '#') +
                    std::string(static_cast<std::size_t>(room - full), '.') + "]  ";
        }
        head.append(share.data()).append("  ");
    }
    std::string line = head + tail;
    return line.substr(0, static_cast<std::size_t>(std::max(width - 1, 0)));
}

std::string progress_line(const Work& work) {
    std::string line = work.doing + ": " + size_text(work.bytes);
    if (work.all_bytes >= 0) line += " of " + size_text(work.all_bytes) + " (" + std::to_string(percent(work)) + "%)";
    return line + ", " + std::to_string(work.files) + (work.files == 1 ? " file" : " files") + pace(work, ", ");
}

Progress::Progress(std::string doing, std::int64_t all_bytes)
    : width_(terminal_width()),
      work_{std::move(doing), 0, 0, all_bytes, 0},
      start_(base::Steady::now()),
      next_(start_ + (width_ > 0 ? std::chrono::duration_cast<base::Steady::duration>(kRedraw) : kLine)) {}

Progress::~Progress() { clear(); }

void Progress::add_bytes(std::int64_t bytes) {
    work_.bytes += bytes;
    show();
}

void Progress::set_bytes(std::int64_t done, std::int64_t all) {
    work_.bytes = done;
    work_.all_bytes = all;
    show();
}

void Progress::add_file() {
    ++work_.files;
    show();
}

void Progress::note(const std::string& line) {
    clear();
    write_error(line + "\n");
}

void Progress::show() {
    auto now = base::Steady::now();
    if (now < next_) return;
    work_.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
    if (width_ > 0) {
        write_error("\r\033[K" + progress_bar(work_, width_));
        drawn_ = true;
        next_ = now + kRedraw;
    } else {
        write_error(progress_line(work_) + "\n");
        next_ = now + kLine;
    }
}

void Progress::clear() {
    if (std::exchange(drawn_, false)) write_error("\r\033[K");
}

}  // namespace bodega::cli
