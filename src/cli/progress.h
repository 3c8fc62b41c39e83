// Shows the progress of a long command: a bar on a terminal, otherwise a line every few seconds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cli/interrupt.h"

namespace bodega::cli {

// How much of the work is done.
struct Work {
    std::string doing;            // for example "export"
    std::int64_t files = 0;       // files done
    std::int64_t bytes = 0;       // bytes done
    std::int64_t all_bytes = -1;  // total bytes; -1: unknown
    std::int64_t milliseconds = 0;
    std::int64_t all_files = -1;     // total items, if progress is measured in items and not in bytes; -1: unknown
    std::string_view each = "file";  // name of one item
};

// Formats a bar of at most `width` columns: "export  [#######·······]  52%  1.2 GiB, 340 files  88 MiB/s  13 s left".
std::string progress_bar(const Work& work, int width);

// Formats a line: "export: 1.2 GiB of 2.3 GiB (52%), 340 files, 88 MiB/s, 13 s left".
std::string progress_line(const Work& work);

std::string size_text(std::int64_t bytes);  // for example "1.2 GiB"

// Formats an amount: "340 files, 1.2 GiB".
std::string amount(std::int64_t files, std::int64_t bytes, std::string_view each = "file");

// Draws progress on standard error, at most every 100 ms. Calls must not overlap. The functions that count throw
// Error{unavailable} after Ctrl-C or SIGTERM (cli/interrupt.h), so that the command cleans up and ends.
class Progress {
public:
    Progress(std::string doing, std::int64_t all_bytes);
    ~Progress();  // removes the bar
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void add_bytes(std::int64_t bytes);
    void set_bytes(std::int64_t done, std::int64_t all);
    void add_file();
    void set_files(std::int64_t done, std::int64_t bytes, std::int64_t all_bytes);
    // Like set_files(), for work that is counted in other items than files. `all` is the total number of items.
    void set_items(std::string_view each, std::int64_t done, std::int64_t all, std::int64_t bytes);
    // Prints a line on standard error above the bar, like complain(): what was skipped, what failed.
    void note(const std::string& line);

private:
    void count();
    void show();

    const Interrupt interrupt_;
    const int width_;
    Work work_;
    const base::Steady::time_point start_;
    base::Steady::time_point next_;
};

}  // namespace bodega::cli
