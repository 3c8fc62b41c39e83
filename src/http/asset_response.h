// The response for an embedded file of the web app. Chooses the variant that suits the client best, checks the
// request's conditions, and sets the cache lifetime and the fields that protect the page from other sites. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/asset.h"
#include "http/fields.h"

namespace bodega::http {

struct AssetAnswer {
    int status;  // 304, 412, or the caller's `status`
    std::vector<std::pair<std::string_view, std::string>> fields;
    std::string_view bytes;  // the variant's bytes; for a 304, those that a 200 would send
    bool has_body() const noexcept { return status != 304 && status != 412; }
};

// Answers a GET or HEAD request that has the fields `request`. `status` is 200, or 404 for an error page, which ignores
// conditions. `asset` must outlive the answer.
AssetAnswer answer_asset(const base::Asset& asset, const Fields& request, int status = 200);

}  // namespace bodega::http
