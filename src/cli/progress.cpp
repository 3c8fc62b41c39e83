#include "cli/progress.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "cli/console.h"

namespace bodega::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLine{5};
constexpr std::int64_t kSomeTime = 2'000, kLongEnough = 60'000;  // milliseconds

std::string time_text(std::int64_t seconds) {
    if (seconds < 100) return std::to_string(seconds) + " s";
    if (seconds < 100 * 60) return std::to_string((seconds + 30) / 60) + " min";
    return std::to_string((seconds + 1800) / 3600) + " h";
}

std::int64_t per_second(const Work& work, std::int64_t done) {
    return work.milliseconds < 1
               ? 0
               : static_cast<std::int64_t>(static_cast<double>(done) * 1000.0 / static_cast<double>(work.milliseconds));
}

// Returns how much is done and the total, in bytes or in items. The total is -1 if it is unknown.
std::pair<std::int64_t, std::int64_t> share(const Work& work) {
    return work.all_files >= 0 ? std::pair(work.files, work.all_files) : std::pair(work.bytes, work.all_bytes);
}

int percent(const Work& work) {
    const auto [done, all] = share(work);
    if (all <= 0) return 0;
    return static_cast<int>(std::clamp<double>(100.0 * static_cast<double>(done) / static_cast<double>(all), 0, 100));
}

// Whether enough is done to estimate the remaining time. The first files take longer than later ones, so an early
// estimate would be too high.
bool can_estimate(const Work& work) {
    const auto [done, all] = share(work);
    const double part = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0;
    return work.milliseconds >= kLongEnough || part >= 0.1 || (work.milliseconds >= kSomeTime && part >= 0.01);
}

// Formats the speed and the remaining time, such as "88 MiB/s" and "13 s left". Omits what is not known yet.
std::string throughput(const Work& work, std::string_view between) {
    if (work.milliseconds < 500) return "";
    std::string text;
    if (const std::int64_t speed = per_second(work, work.bytes)) text += std::string(between) + size_text(speed) + "/s";
    const auto [done, all] = share(work);
    const std::int64_t speed = per_second(work, done);
    if (speed > 0 && all > done && can_estimate(work))
        text.append(between).append(time_text((all - done) / speed)).append(" left");
    return text;
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

std::string amount(std::int64_t files, std::int64_t bytes, std::string_view each) {
    return std::to_string(files).append(" ").append(each).append(files == 1 ? ", " : "s, ") + size_text(bytes);
}

std::string progress_bar(const Work& work, int width) {
    std::string tail = amount(work.files, work.bytes, work.each) + throughput(work, "  ");
    std::string head = work.doing + "  ";
    if (share(work).second >= 0) {
        std::array<char, 8> figure{};
        std::snprintf(figure.data(), figure.size(), "%3d%%", percent(work));
        int room = std::min(40, width - static_cast<int>(head.size() + tail.size()) - 11);
        int full = std::max(room, 0) * percent(work) / 100;
        if (room >= 8) {
            head += "[" + std::string(static_cast<std::size_t>(full), '#') +
                    std::string(static_cast<std::size_t>(room - full), '.') + "]  ";
        }
        head.append(figure.data()).append("  ");
    }
    std::string line = head + tail;
    return line.substr(0, static_cast<std::size_t>(std::max(width - 1, 0)));
}

std::string progress_line(const Work& work) {
    std::string line = work.doing + ": ";
    if (work.all_files >= 0) {
        line += std::to_string(work.files) + " of " + std::to_string(work.all_files) + " ";
        line.append(work.each).append(work.all_files == 1 ? " (" : "s (") += std::to_string(percent(work)) + "%), ";
        return line + size_text(work.bytes) + throughput(work, ", ");
    }
    line += size_text(work.bytes);
    if (work.all_bytes >= 0) line += " of " + size_text(work.all_bytes) + " (" + std::to_string(percent(work)) + "%)";
    line += ", " + std::to_string(work.files) + " ";
    return line.append(work.each).append(work.files == 1 ? "" : "s") + throughput(work, ", ");
}

Progress::Progress(std::string doing, std::int64_t all_bytes)
    : width_(terminal_width()),
      work_{.doing = std::move(doing), .all_bytes = all_bytes},
      start_(base::Steady::now()),
      next_(start_ + (width_ > 0 ? std::chrono::duration_cast<base::Steady::duration>(kRedraw) : kLine)) {}

Progress::~Progress() { clear_bar(); }

void Progress::add_bytes(std::int64_t bytes) {
    work_.bytes += bytes;
    count();
}

void Progress::set_bytes(std::int64_t done, std::int64_t all) {
    work_.bytes = done;
    work_.all_bytes = all;
    count();
}

void Progress::add_file() {
    ++work_.files;
    count();
}

void Progress::set_files(std::int64_t done, std::int64_t bytes, std::int64_t all_bytes) {
    work_.files = done;
    set_bytes(bytes, all_bytes);
}

void Progress::set_items(std::string_view each, std::int64_t done, std::int64_t all, std::int64_t bytes) {
    work_.each = each;
    work_.files = done;
    work_.all_files = all;
    work_.bytes = bytes;
    count();
}

void Progress::note(const std::string& line) { complain(line); }

void Progress::count() {
    interrupt_.check();
    show();
}

void Progress::show() {
    auto now = base::Steady::now();
    if (now < next_) return;
    work_.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
    if (width_ > 0) {
        show_bar(progress_bar(work_, width_));
        next_ = now + kRedraw;
    } else {
        tell(progress_line(work_));
        next_ = now + kLine;
    }
}

}  // namespace bodega::cli
