// OpenSSL's context for connections to servers whose certificates are verified (RFC 5280, RFC 9110 section 4.3.4).
#pragma once

#include <string>

#include "net/openssl.h"

namespace bodega::net {

// ca_file: PEM file with the only authorities to trust; if empty, the system's CA bundle. TLS 1.2 or later. Throws
// Error{config_invalid} if there is no certificate to trust. Threads may share the result.
SslContext make_tls_client_context(const std::string& ca_file);

}  // namespace bodega::net
