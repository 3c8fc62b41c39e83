#include "base/act_as_owner.h"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace bodega::base {
namespace {

// The overflow uid (user_namespaces(7)): the kernel shows it for every account that does not exist in this container.
// The real owner is then unknown, so ActAsOwner does nothing.
constexpr uid_t kNobody = 65534;

// Returns the name of the account with the id `user`. Reads /etc/passwd (passwd(5)) itself, since getpwuid(3) is
// missing in a static binary.
std::optional<std::string> local_name(uid_t user) {
    std::ifstream accounts("/etc/passwd");
    for (std::string line; std::getline(accounts, line);) {
        const std::size_t name = line.find(':');
        const std::size_t id = name == line.npos ? name : line.find(':', name + 1);
        const std::size_t end = id == line.npos ? id : line.find(':', id + 1);
        if (end != line.npos && line.substr(id + 1, end - id - 1) == std::to_string(user)) return line.substr(0, name);
    }
    return std::nullopt;
}

}  // namespace

bool is_root() noexcept { return ::geteuid() == 0; }

std::string account_name(uid_t user) {
    const std::string number = "uid " + std::to_string(user);
    const auto name = local_name(user);
    return name ? *name + " (" + number + ")" : number;
}

ActAsOwner::ActAsOwner(const std::string& folder) noexcept {
    if (!is_root()) return;
    const int error = errno;
    struct stat found {};
    if (::stat(folder.c_str(), &found) == 0 && found.st_uid != 0 && found.st_uid != kNobody) {
        // Changes the group first, because the new user is not allowed to change it.
        const auto group = static_cast<gid_t>(::setfsgid(found.st_gid));
        before_ = Ids{static_cast<uid_t>(::setfsuid(found.st_uid)), group};
    }
    errno = error;
}

ActAsOwner::~ActAsOwner() {
    if (!before_) return;
    const int error = errno;
    ::setfsuid(before_->user);
    ::setfsgid(before_->group);
    errno = error;
}

}  // namespace bodega::base
