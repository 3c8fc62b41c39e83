// Lets root work on another account's folder, so that the files it creates there belong to that account.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace bodega::base {

// While an ActAsOwner exists, its thread acts on files as the owner of `folder` (setfsuid(2)), with exactly that
// owner's rights. Does nothing if the process does not run as root, or if the folder belongs to root or to an unknown
// account. Create and destroy it on one thread. Objects may be nested.
class ActAsOwner {
public:
    explicit ActAsOwner(const std::string& folder) noexcept;
    ~ActAsOwner();
    ActAsOwner(const ActAsOwner&) = delete;
    ActAsOwner& operator=(const ActAsOwner&) = delete;

private:
    struct Ids {
        uid_t user = 0;
        gid_t group = 0;
    };
    std::optional<Ids> before_;
};

bool is_root() noexcept;

// Returns "bodega (uid 990)", or "uid 990" for an account that has no name.
std::string account_name(uid_t user);

}  // namespace bodega::base
