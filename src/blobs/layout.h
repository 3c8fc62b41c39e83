// The layout of blobs/ in a shared folder and in a folder of backups (blobs/store.h). The JSON document that marks such
// a folder names its layout, so that a version of bodega that expects another one changes nothing there.
#pragma once

#include <string>
#include <string_view>

namespace bodega::blobs {

// 1: blobs/ab/cd/<id>, by builds before the first release. 2: blobs/<part>/<id>.
inline constexpr int kLayout = 2;

// The JSON member that names the layout: "layout": 2
std::string layout_member();

// Throws Error{config_invalid} if the document at `path` names another layout than kLayout. A document without the
// member has layout 1.
void require_layout(std::string_view json, const std::string& path);

}  // namespace bodega::blobs
