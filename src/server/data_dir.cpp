#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/act_as_owner.h"
#include "base/denied.h"
#include "base/error.h"

namespace bodega::server {
namespace {

[[noreturn]] void refuse(const config::Config& config, const std::string& why) {
    throw base::Error(base::Code::config_invalid, "the data folder " + config.node.data_dir + " " + why);
}

void check_writable(const config::Config& config) {
    const std::string& path = config.node.data_dir;
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return;
    refuse(config, "can't be written to: " + base::denied_text(errno) + ", or set node.data_dir to another folder");
}

}  // namespace

void make_data_dir(const config::Config& config) {
    std::filesystem::path path(config.node.data_dir);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        std::filesystem::path parent = path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
        if (!parent.empty()) std::filesystem::create_directories(parent, error);
        if (error)
            refuse(config,
                   "can't be made: " + base::denied_text(error.value()) + ", or set node.data_dir to another folder");
        const base::ActAsOwner owner(parent.empty() ? "." : parent.string());
        if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) {
            refuse(config, "can't be made: " + base::denied_text(errno) + ", or set node.data_dir to another folder");
        }
    }
    if (!std::filesystem::is_directory(path, error)) refuse(config, "is not a folder; set node.data_dir to another");
    check_writable(config);
}

void require_data_dir(const config::Config& config) {
    std::error_code error;
    if (!std::filesystem::is_directory(config.node.data_dir, error)) {
        refuse(config, "does not exist: run this where bodega serve was started, or set node.data_dir");
    }
}

}  // namespace bodega::server
