#include "base/denied.h"

#include <sys/fsuid.h>

#include <cerrno>
#include <system_error>

#include "base/act_as_owner.h"

namespace bodega::base {
namespace {

// Returns the user id whose rights apply to file calls; ActAsOwner may have changed it. setfsuid(2) with an invalid id
// changes nothing and returns the current id.
uid_t acting_user() noexcept { return static_cast<uid_t>(::setfsuid(static_cast<uid_t>(-1))); }

}  // namespace

std::string denied_text(int error_number) {
    std::string text = std::generic_category().message(error_number);
    if (error_number == EACCES || error_number == EPERM)
        text += " for " + account_name(acting_user()) + "; give that account the right to it (chown, chgrp, chmod)";
    if (error_number == EROFS)
        text += "; mount it for writing, or print the systemd unit again, which names the folders that may be written";
    return text;
}

}  // namespace bodega::base
