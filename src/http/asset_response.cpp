#include "http/asset_response.h"

#include "http/accept_encoding.h"
#include "http/conditions.h"

namespace bodega::http {
namespace {

// The Content-Security-Policy of pages and of web workers, to which a page's policy does not apply. Scripts load only
// from this origin, and no inline script runs. Previews load from this origin or from memory (blob:, data:). No other
// page may embed ours in a frame.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr const char* kPermissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

struct Variant {
    std::string_view bytes;
    std::string_view coding;  // empty for the identity coding
    std::string etag;
};

// Each variant has its own tag, since a strong tag stands for exact bytes (RFC 9110 section 8.8.3.3).
std::string variant_etag(std::string_view etag, std::string_view coding) {
    std::string out(etag);
    if (!coding.empty() && out.ends_with('"')) out.insert(out.size() - 1, "-" + std::string(coding));
    return out;
}

Variant choose_variant(const base::Asset& asset, const Fields& request) {
    switch (choose_coding(coding_weights(request), !asset.gzip.empty(), !asset.brotli.empty())) {
        case Coding::brotli: return {asset.brotli, "br", variant_etag(asset.etag, "br")};
        case Coding::gzip: return {asset.gzip, "gzip", variant_etag(asset.etag, "gzip")};
        case Coding::identity: break;
    }
    return {asset.identity, "", std::string(asset.etag)};
}

int status_of(Precondition precondition) noexcept {
    switch (precondition) {
        case Precondition::failed: return 412;
        case Precondition::not_modified: return 304;
        case Precondition::holds: break;
    }
    return 200;
}

}  // namespace

AssetAnswer answer_asset(const base::Asset& asset, const Fields& request, int status) {
    Variant variant = choose_variant(asset, request);
    if (status == 200) status = status_of(check_read(conditions_of(request), {variant.etag}));
    AssetAnswer answer{status, {}, variant.bytes};
    auto add = [&](std::string_view name, std::string_view value) { answer.fields.emplace_back(name, value); };
    add("Content-Type", asset.content_type);
    add("ETag", variant.etag);
    if (!variant.coding.empty()) add("Content-Encoding", variant.coding);
    if (!asset.gzip.empty() || !asset.brotli.empty()) add("Vary", "Accept-Encoding");
    // A browser that goes back in its history must ask the server again, because another account may have signed in.
    const bool is_page = asset.content_type.starts_with("text/html");
    add("Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : is_page ? "no-store" : "no-cache");
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "same-origin");
    add("Cross-Origin-Resource-Policy", "same-origin");
    add("Content-Security-Policy", kPolicy);
    if (!is_page) return answer;
    add("Permissions-Policy", kPermissions);
    add("Cross-Origin-Opener-Policy", "same-origin");
    return answer;
}

}  // namespace bodega::http
