// A file or a folder of the tree, as a row of the catalog.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::store {

using Sha256 = std::array<std::uint8_t, 32>;

// The content of a file or of a former version: its blob, and metadata.
struct Content {
    base::Ulid blob_id;
    std::int64_t size = 0;
    std::string mime;
    Sha256 sha256{};
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; nullopt: the time of the upload
};

enum class EntryKind : std::uint8_t { folder = 0, file = 1 };

struct Entry {
    base::Ulid id;
    base::Ulid space_id;
    std::optional<base::Ulid> parent_id;  // nullopt: a space's root, or the top of a trashed subtree
    EntryKind kind = EntryKind::folder;
    std::string name;  // in Unicode NFC; empty for a root
    std::int64_t size = 0;
    std::string mime;                   // MIME type of a file; empty for a folder
    std::optional<base::Ulid> blob_id;  // set only for a file
    std::optional<Sha256> sha256;       // set only for a file
    std::int64_t version = 1;           // number of the file's current version, counted from 1
    std::int64_t state = 0;             // for a folder: grows with every change of its children
    std::int64_t child_count = 0;       // for a folder: number of its children
    base::Milliseconds created_at = 0;
    base::Milliseconds modified_at = 0;             // for a file: its own date, which its owner may set
    std::optional<base::Milliseconds> uploaded_at;  // for a file: when its content was uploaded
    std::string modified_by;                        // username of the last writer; empty: the account was deleted
    std::optional<base::Ulid> trash_id;             // set if the entry is in the trash: the top of its trashed subtree
    std::optional<base::Milliseconds> trashed_at;   // when the entry was trashed; set only on the top of the subtree
    std::string trashed_by;
    std::optional<base::Ulid> trash_parent_id;  // the parent before the entry was trashed; set only on the top

    bool is_folder() const noexcept { return kind == EntryKind::folder; }
    bool is_live() const noexcept { return !trash_id; }
    bool operator==(const Entry&) const = default;
};

// A file's content at one time: the current or a former one.
struct Version {
    std::int64_t number = 1;
    Content content;
    base::Milliseconds created_at = 0;   // time of the upload
    base::Milliseconds modified_at = 0;  // the modification date of this content, which the file's owner may set
    std::string created_by;              // username of the uploader; empty: the account was deleted
};

// A folder on the path from a space's root to an entry.
struct PathStep {
    base::Ulid id;
    std::string name;  // name of the folder; empty for a root
};

}  // namespace bodega::store
