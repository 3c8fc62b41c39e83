#include "base/front_page.h"

#include "base/encoding.h"

namespace bodega::base {
namespace {

std::string with_base(std::string_view page, std::string_view base_path) {
    constexpr std::string_view kAddress = "=\"/";
    std::string out;
    for (std::size_t at; (at = page.find(kAddress)) != page.npos; page.remove_prefix(at + kAddress.size()))
        out.append(page.substr(0, at + 2)).append(base_path);
    return out.append(page);
}

}  // namespace

FrontPage::FrontPage(std::string_view base_path) : asset_(find_asset("/index.html")) {
    if (!asset_ || base_path == "/") return;
    own_ = *asset_;
    text_ = with_base(asset_->identity, base_path);
    // The tag depends on the base path. All nodes that have the same base path send the same tag.
    etag_ = asset_->etag;
    etag_.insert(etag_.size() - 1, "-" + hex(as_bytes(base_path)));
    own_.identity = text_;
    own_.etag = etag_;
    own_.brotli = own_.gzip = {};
    asset_ = &own_;
}

}  // namespace bodega::base
