// The web app's index.html, adapted to the server's base path.
//
// The embedded page is built for "/". For another base path, a copy is made in which the page's own URLs and its <meta
// name="base-path"> begin with that path. Constant after construction; threads may share it.
#pragma once

#include <string>
#include <string_view>

#include "base/asset.h"

namespace bodega::base {

class FrontPage {
public:
    // base_path: "/" or, for example, "/files/".
    explicit FrontPage(std::string_view base_path);
    FrontPage(const FrontPage&) = delete;

    // nullptr if the binary has no web app. The asset is valid while this FrontPage exists.
    const Asset* asset() const noexcept { return asset_; }

private:
    std::string text_, etag_;
    Asset own_;
    const Asset* asset_;
};

}  // namespace bodega::base
