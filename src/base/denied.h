// What an operator is told when the system refuses a call on a file.
#pragma once

#include <string>

namespace bodega::base {

// The system's words for `error_number`. EACCES and EPERM: also which account asked, and what to do. EROFS: what to do.
// Reads /etc/passwd.
std::string denied_text(int error_number);

}  // namespace bodega::base
