// Error text for an operator, for a file call that the system denied.
#pragma once

#include <string>

namespace bodega::base {

// The system's message for `error_number`. For EACCES and EPERM, adds the account that was denied and what to do. For
// EROFS, adds what to do. Reads /etc/passwd.
std::string denied_text(int error_number);

}  // namespace bodega::base
