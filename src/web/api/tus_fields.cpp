#include "web/api/tus_fields.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "base/text.h"
#include "blobs/checksum.h"
#include "web/api/content_tag.h"
#include "web/api/file_date.h"

namespace bodega::web {
namespace {

base::Error invalid(const std::string& message) { return {base::Code::invalid, message}; }

bool is_key(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

std::string require(const TusMetadata& metadata, std::string_view key) {
    auto value = metadata.find(key);
    if (!value || value->empty()) throw invalid("Upload-Metadata lacks \"" + std::string(key) + "\".");
    return *value;
}

}  // namespace

std::int64_t parse_tus_number(std::string_view field, std::optional<std::string_view> value) {
    if (!value) throw invalid("The field " + std::string(field) + " is missing.");
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    bool digits = !value->empty() && value->front() != '-';
    if (!digits || error != std::errc() || end != value->data() + value->size())
        throw invalid("The field " + std::string(field) + " must be a number of bytes.");
    return number;
}

std::int64_t parse_tus_length(std::optional<std::string_view> length, std::optional<std::string_view> deferred) {
    if (!deferred) return parse_tus_number("Upload-Length", length);
    if (length) throw invalid("Send Upload-Length or Upload-Defer-Length, not both.");
    if (*deferred != "1") throw invalid("Upload-Defer-Length can only be 1.");
    return store::Upload::kDeferred;
}

TusMetadata::TusMetadata(std::string_view field) {
    while (!field.empty()) {
        std::size_t comma = std::min(field.find(','), field.size());
        std::string_view pair = base::trim(field.substr(0, comma));
        field.remove_prefix(std::min(comma + 1, field.size()));
        std::size_t blank = std::min(pair.find(' '), pair.size());
        std::string_view key = pair.substr(0, blank);
        auto value = base::unbase64(base::trim(pair.substr(blank)));
        if (!is_key(key) || !value) throw invalid("Upload-Metadata must be pairs of a key and a value in base64.");
        if (find(key)) throw invalid("Upload-Metadata has the key \"" + std::string(key) + "\" twice.");
        pairs_.emplace_back(key, std::string(value->begin(), value->end()));
    }
}

std::optional<std::string> TusMetadata::find(std::string_view key) const {
    for (const auto& [k, value] : pairs_)
        if (k == key) return value;
    return std::nullopt;
}

TusFile tus_file(const TusMetadata& metadata) {
    TusFile out;
    auto parent = base::Ulid::parse(require(metadata, "parent_id"));
    if (!parent) throw invalid("Upload-Metadata's \"parent_id\" is not the id of a folder.");
    out.parent_id = *parent;
    out.name = metadata.find("filename").value_or("");
    if (!metadata.find("filename")) throw invalid("Upload-Metadata lacks \"filename\".");
    if (auto text = metadata.find("sha256")) {
        out.sha256 = parse_content_tag(*text);
        if (!out.sha256) throw invalid("Upload-Metadata's \"sha256\" must be 64 hexadecimal digits.");
    }
    if (auto text = metadata.find("on_conflict")) {
        auto what = store::parse_on_conflict(*text);
        if (!what) throw invalid("Upload-Metadata's \"on_conflict\" must be replace, fail or rename.");
        out.on_conflict = *what;
    }
    if (auto text = metadata.find("lastModified")) out.modified_at = parse_date_milliseconds("lastModified", *text);
    if (auto text = metadata.find("mtime")) out.modified_at = parse_date_seconds("mtime", *text);
    return out;
}

app::PartChecksum parse_tus_checksum(std::string_view field) {
    std::size_t blank = field.find(' ');
    if (blank == std::string_view::npos) throw invalid("Upload-Checksum must be an algorithm and a value in base64.");
    app::PartChecksum out{std::string(field.substr(0, blank)), {}};
    if (!blobs::Checksum::named(out.algorithm))
        throw invalid("Upload-Checksum's algorithm must be one of " + std::string(blobs::Checksum::kAlgorithms) + ".");
    auto value = base::unbase64(base::trim(field.substr(blank)));
    if (!value || value->empty()) throw invalid("Upload-Checksum's value must be in base64.");
    out.expected = std::move(*value);
    return out;
}

}  // namespace bodega::web
