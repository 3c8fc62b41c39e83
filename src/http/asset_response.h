// How an embedded file of the web app is answered: the variant that the client takes best, conditional, cached for
// long, and guarded against other sites. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/asset.h"
#include "http/fields.h"

namespace bodega::http {

struct AssetAnswer {
    int status;  // the one asked for, 304 or 412
    std::vector<std::pair<std::string_view, std::string>> fields;
    std::string_view bytes;  // of the body, the variant's; for a 304 of what a 200 would have
    bool has_body() const noexcept { return status != 304 && status != 412; }
};

// For GET and HEAD with these fields. status: 200, or 404 for a page that says so by itself, without conditions.
// `asset` outlives the answer.
AssetAnswer answer_asset(const base::Asset& asset, const Fields& request, int status = 200);

}  // namespace bodega::http
