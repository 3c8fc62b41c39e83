// The first administrator: created from the configuration, or invited by a URL.
#pragma once

#include <optional>
#include <string>

#include "app/auth/passwords.h"
#include "app/services.h"
#include "config/public_url.h"

namespace bodega::server {

// If there is no administrator, creates accounts.admin_user if it is configured. Otherwise returns the one-time URL
// below `public_url` where a person creates the first administrator. Throws Error{config_invalid} for a name or a
// password that breaks the rules, or a password file that can't be read.
std::optional<std::string> invite_first_admin(const app::Services& services, app::Passwords& passwords,
                                              const config::PublicUrl& public_url);

}  // namespace bodega::server
