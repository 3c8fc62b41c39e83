// Answers with the web app's embedded files. Sends the compressed variant that the client supports best, handles
// conditional requests, and sets a long cache lifetime.
#pragma once

#include "base/asset.h"
#include "edge/exchange/exchange.h"
#include "net/task.h"

namespace bodega::edge {

// Answers GET and HEAD, and sends a 405 for other methods. asset: has static storage. status: 200, or 404 if the asset
// is shown in place of a missing page.
net::Task<void> send_asset(Exchange& x, const base::Asset& asset, int status = 200);

}  // namespace bodega::edge
