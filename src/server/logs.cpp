#include "server/logs.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/log.h"
#include "base/log_file.h"
#include "base/log_stream.h"
#include "edge/observe/access_log_line.h"
#include "server/backend.h"
#include "server/node_name.h"

namespace bodega::server {
namespace {

namespace log = base::log;

log::Level level_of(const std::string& name) {
    using log::Level;
    return name == "debug" ? Level::debug : name == "warn" ? Level::warn : name == "error" ? Level::error : Level::info;
}

// Turns a node's name into a folder name that always stays below logs/.
std::string folder_name(std::string name) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    for (char& c : name)
        if (kPlain.find(c) == kPlain.npos) c = '_';
    if (name.starts_with('.')) name[0] = '_';
    return name;
}

void make_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error) return;
    throw base::Error(base::Code::config_invalid, "the logs' folder " + path + " can't be created: " + error.message() +
                                                      "; set log.output and log.access to other places");
}

}  // namespace

Logs::Logs(const config::Config& config)
    : settings_(config.log),
      node_(node_name(config.node)),
      folder_(shared_dir(config) + "/logs/" + folder_name(node_)) {
    follow(settings_);
}

void Logs::follow(const config::Log& settings) noexcept {
    log::configure(level_of(settings.level), settings.format == "json" ? log::Format::json : log::Format::text);
}

Logs::~Logs() { log::send_to(nullptr); }

std::unique_ptr<base::LogWriter> Logs::open_file(const std::string& name) const {
    base::LogFile::Rotation rotation{settings_.rotate_size, settings_.rotate_age, settings_.rotate_keep};
    auto file = std::make_unique<base::LogFile>(folder_ + "/" + name + ".log", rotation);
    return std::make_unique<base::LogWriter>(name, std::move(file), static_cast<std::size_t>(settings_.queue));
}

void Logs::open() {
    if (settings_.output == "files" || settings_.access == "files") make_folder(folder_);
    if (settings_.output == "files") own_ = open_file("error");
    if (settings_.access == "files") access_ = open_file("access");
    if (settings_.access == "stdout") {
        auto stream = std::make_unique<base::LogStream>(STDOUT_FILENO);
        access_ =
            std::make_unique<base::LogWriter>("access", std::move(stream), static_cast<std::size_t>(settings_.queue));
    }
    if (own_) log::send_to(own_.get());
    ready_access_ = access_.get();
}

void Logs::write(const edge::AccessLogEntry& access) noexcept {
    base::LogWriter* writer = ready_access_.load(std::memory_order_acquire);
    if (!writer) return;
    thread_local std::string line;
    line.clear();
    edge::append_access_line(line, access, node_);
    writer->write(line);
}

void Logs::reopen() noexcept {
    if (own_) own_->reopen();
    if (access_) access_->reopen();
}

void Logs::write_metrics(base::Exposition& out) const {
    out.family("bodega_log_lines_dropped_total",
               "Log lines lost because the queue or pipe was full or the disk failed.",
               base::Exposition::Kind::counter);
    out.sample({{"log", "error"}}, log::dropped());
    base::LogWriter* writer = ready_access_.load(std::memory_order_acquire);
    out.sample({{"log", "access"}}, writer ? writer->dropped() : 0);
}

}  // namespace bodega::server
