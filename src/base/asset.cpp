#include "base/asset.h"

#include <algorithm>

namespace bodega::base {

const Asset* find_asset(std::string_view path) noexcept {
    std::span<const Asset> all = embedded_assets();
    auto at = std::lower_bound(all.begin(), all.end(), path,
                               [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
    return at != all.end() && at->path == path ? &*at : nullptr;
}

}  // namespace bodega::base
