#include "cli/tls_upkeep.h"

namespace bodega::cli {

TlsUpkeep::TlsUpkeep(const config::Tls& settings, edge::Server& server)
    : certificates_("tls", settings.certificates_check, [&server] { server.look_at_certificates(); }) {}

}  // namespace bodega::cli
