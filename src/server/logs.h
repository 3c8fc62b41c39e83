// The logs of a running server: the process's own, and a line a request.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/exposition.h"
#include "base/log_writer.h"
#include "config/config.h"
#include "edge/observe/access_log_entry.h"

namespace bodega::cli {

// Thread-safe. One a process; outlives all threads that log.
class Logs {
public:
    explicit Logs(const config::Config& config);  // level and format at once; no files yet
    ~Logs();                                      // the process's log goes to standard error again
    Logs(const Logs&) = delete;
    Logs& operator=(const Logs&) = delete;

    // Makes the files' folder. What is logged before is on standard error; requests before have no line.
    // Throws Error{config_invalid} for a folder or a file that can't be made.
    void open();

    bool has_access() const noexcept { return settings_.access != "off"; }
    void write(const edge::Access& access) noexcept;

    // Other settings' level and format, from the next line on.
    void follow(const config::Log& settings) noexcept;

    // Closes the files and opens them anew by their names: for who has renamed them.
    void reopen() noexcept;

    void write_metrics(base::Exposition& out) const;

private:
    std::unique_ptr<base::LogWriter> open_file(const std::string& name) const;

    const config::Log settings_;
    const std::string node_;
    const std::string folder_;
    std::unique_ptr<base::LogWriter> own_;     // set by open(); null: standard error
    std::unique_ptr<base::LogWriter> access_;  // as well; null: none
    std::atomic<base::LogWriter*> ready_access_{nullptr};
};

}  // namespace bodega::cli
