// The fields of tus 1.0.0 (https://tus.io/protocols/resumable-upload), parsed strictly. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/uploads/upload_part.h"
#include "base/ulid.h"
#include "store/uploads/upload.h"

namespace bodega::web {

inline constexpr std::string_view kTusVersion = "1.0.0";
inline constexpr std::string_view kTusExtensions =
    "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination";
inline constexpr std::string_view kTusMediaType = "application/offset+octet-stream";

// Parses Upload-Offset and Upload-Length: only digits, below 2^63. Throws Error{invalid} with the field's name.
std::int64_t parse_tus_number(std::string_view field, std::optional<std::string_view> value);

// Returns the Upload-Length of a creation, or store::Upload::kDeferred for "Upload-Defer-Length: 1". Throws
// Error{invalid}.
std::int64_t parse_tus_length(std::optional<std::string_view> length, std::optional<std::string_view> deferred);

// The keys of Upload-Metadata and their values, decoded from base64. Throws Error{invalid} for malformed text or a
// repeated key.
class TusMetadata {
public:
    explicit TusMetadata(std::string_view field);

    std::optional<std::string> find(std::string_view key) const;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// The metadata of an upload that bodega uses. Throws Error{invalid} for a missing or malformed value.
struct TusFile {
    base::Ulid parent_id;
    std::string name;
    std::optional<store::Sha256> sha256;
    store::OnConflict on_conflict = store::OnConflict::replace;
    // from `mtime` in seconds, otherwise from `lastModified` in milliseconds
    std::optional<base::Milliseconds> modified_at;
};
TusFile tus_file(const TusMetadata& metadata);

// Parses Upload-Checksum: "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=". Throws Error{invalid}.
app::PartChecksum parse_tus_checksum(std::string_view field);

}  // namespace bodega::web
