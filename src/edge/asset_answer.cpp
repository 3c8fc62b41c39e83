#include "edge/asset_answer.h"

#include <string>

#include "edge/answer.h"
#include "http/accept_encoding.h"
#include "http/validators.h"

namespace bodega::edge {
namespace {

// Of the pages: everything from here, nothing inline, framed by nobody.
constexpr std::string_view kPageSecurity =
    "Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

struct Variant {
    std::string_view bytes;
    std::string_view coding;  // empty: identity
    std::string etag;
};

// Each variant has a tag of its own: they differ byte for byte (RFC 9110 section 8.8.3.3).
std::string variant_etag(std::string_view etag, std::string_view coding) {
    std::string out(etag);
    if (!coding.empty() && out.ends_with('"')) out.insert(out.size() - 1, "-" + std::string(coding));
    return out;
}

Variant choose(const Exchange& x, const base::Asset& asset) {
    http::Weights weights;
    for (const http::Field& field : x.request().fields)
        if (field.id == http::Name::accept_encoding) weights = http::coding_weights(field.value);
    switch (http::choose_coding(weights, !asset.gzip.empty(), !asset.brotli.empty())) {
        case http::Coding::brotli: return {asset.brotli, "br", variant_etag(asset.etag, "br")};
        case http::Coding::gzip: return {asset.gzip, "gzip", variant_etag(asset.etag, "gzip")};
        case http::Coding::identity: break;
    }
    return {asset.identity, "", std::string(asset.etag)};
}

std::string fields_of(const base::Asset& asset, const Variant& variant) {
    std::string out = "Content-Type: ";
    out.append(asset.content_type).append("\r\nETag: ").append(variant.etag).append("\r\n");
    if (!variant.coding.empty()) out.append("Content-Encoding: ").append(variant.coding).append("\r\n");
    if (!asset.gzip.empty() || !asset.brotli.empty()) out += "Vary: Accept-Encoding\r\n";
    // A page is asked for anew on the way back to it too: somebody else may have signed in.
    const bool is_page = asset.content_type.starts_with("text/html");
    out += asset.immutable ? "Cache-Control: public, max-age=31536000, immutable\r\n"
           : is_page       ? "Cache-Control: no-store\r\n"
                           : "Cache-Control: no-cache\r\n";
    out += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n";
    if (is_page) out += kPageSecurity;
    return out;
}

}  // namespace

Task<void> send_asset(Exchange& x, const base::Asset& asset, int status) {
    const http::RequestHead& request = x.request();
    if (request.method != http::Method::get && request.method != http::Method::head) {
        answer_error(x, 405, "This can only be read.", 0, "Allow: GET, HEAD\r\n");
        co_return;
    }
    Variant variant = choose(x, asset);
    std::string fields = fields_of(asset, variant);
    Answer answer;
    answer.fields = fields;
    answer.length = variant.bytes.size();
    answer.status = status;
    if (status == 200 && http::has_copy(request, variant.etag, {})) answer.status = 304;
    x.begin(answer);
    x.release_head();
    std::string_view rest = answer.status == 304 ? std::string_view{} : variant.bytes;
    while (x.write(rest) == Exchange::Write::blocked) {
        Wake wake = co_await x.waiter().wait(x.deadline());
        if (wake != Wake::event) co_return;
    }
    if (!x.gone()) x.finish();
}

}  // namespace bodega::edge
