// The web app's index.html for a server whose paths have a base path.
//
// The embedded page is built for "/". All of its own addresses, and <meta name="base-path">, then begin with the base
// path. Constant after construction; threads may share it.
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

    // nullptr if the binary has no web app. Valid as long as this object.
    const Asset* asset() const noexcept { return asset_; }

private:
    std::string text_, etag_;
    Asset own_;
    const Asset* asset_;
};

}  // namespace bodega::base
