// Answers with the web app's embedded files: the variant that the client takes best, conditional, cached for long.
#pragma once

#include "base/asset.h"
#include "edge/exchange/exchange.h"
#include "net/task.h"

namespace bodega::edge {

// GET and HEAD, else 405. `asset` is static. status: 404 for a page that says so by itself.
Task<void> send_asset(Exchange& x, const base::Asset& asset, int status = 200);

}  // namespace bodega::edge
