// Certificates for servers under test.
#pragma once

#include <filesystem>

namespace bodega::test {

// Writes into `folder`: ca.pem, an authority made for the occasion, and server.pem with server.key, which
// it signed for localhost and 127.0.0.1; valid for a day.
void make_certificate(const std::filesystem::path& folder);

}  // namespace bodega::test
