// The logs of a running server: the process's log and the access log (one line per request).
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/exposition.h"
#include "base/log_writer.h"
#include "config/config.h"
#include "edge/observe/access_log_entry.h"

namespace bodega::server {

// Thread-safe. One per process; outlives all threads that log.
class Logs {
public:
    explicit Logs(const config::Config& config);  // sets level and format at once; opens no files yet
    ~Logs();                                      // sends the process's later log lines to standard error
    Logs(const Logs&) = delete;
    Logs& operator=(const Logs&) = delete;

    // Creates the logs' folder and opens the files. Before that, log lines go to standard error and requests are not
    // logged. Throws Error{config_invalid} for a folder or a file that can't be created.
    void open();

    bool has_access() const noexcept { return settings_.access != "off"; }
    void write(const edge::AccessLogEntry& access) noexcept;

    // Applies the level and format of `settings` from the next line on.
    void follow(const config::Log& settings) noexcept;

    // Closes the files and opens them again by name, since another program may have renamed them.
    void reopen() noexcept;

    void write_metrics(base::Exposition& out) const;

private:
    std::unique_ptr<base::LogWriter> open_file(const std::string& name) const;

    const config::Log settings_;
    const std::string node_;
    const std::string folder_;
    std::unique_ptr<base::LogWriter> own_;     // set by open(); null: log lines go to standard error
    std::unique_ptr<base::LogWriter> access_;  // set by open(); null: requests are not logged
    std::atomic<base::LogWriter*> ready_access_{nullptr};
};

}  // namespace bodega::server
