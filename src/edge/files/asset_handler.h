// Answers with the web app's embedded files: the variant that suits the client best, conditional, with a long cache
// lifetime.
#pragma once

#include "base/asset.h"
#include "edge/exchange/exchange.h"
#include "net/task.h"

namespace bodega::edge {

// Answers GET and HEAD; other methods get a 405. `asset` is static. `status` is 404 for the error page.
net::Task<void> send_asset(Exchange& x, const base::Asset& asset, int status = 200);

}  // namespace bodega::edge
