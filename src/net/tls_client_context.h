// OpenSSL's context for connections to servers whose certificates are verified (RFC 5280, RFC 9110 section 4.3.4).
#pragma once

#include <string>

#include "net/openssl.h"

namespace bodega::net {

// `ca_file` is a PEM file of the only authorities to trust; empty: the system's bundle. TLS 1.2 or later. Throws
// Error{config_invalid} if there is no certificate to trust. Threads may share the result.
SslContext make_tls_client_context(const std::string& ca_file);

}  // namespace bodega::net
