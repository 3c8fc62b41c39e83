#include "blobs/layout.h"

#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace bodega::blobs {
namespace {

constexpr std::string_view kKey = "\"layout\":";

int layout_in(std::string_view json) {
    const std::size_t at = json.find(kKey);
    if (at == std::string_view::npos) return 1;
    json = base::trim(json.substr(at + kKey.size()));
    int layout = 0;
    std::from_chars(json.data(), json.data() + json.size(), layout);
    return layout;
}

}  // namespace

std::string layout_member() { return std::string(kKey) + " " + std::to_string(kLayout); }

void require_layout(std::string_view json, const std::string& path) {
    const int layout = layout_in(json);
    if (layout == kLayout) return;
    throw base::Error(base::Code::config_invalid,
                      path + ": the files have layout " + std::to_string(layout) + ", and this version reads layout " +
                          std::to_string(kLayout) +
                          "; export the files with the version that stored them, and import them with this one");
}

}  // namespace bodega::blobs
