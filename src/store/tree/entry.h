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

// The bytes that a file holds, or held in a former version: a blob, and what is known of it.
struct Content {
    base::Ulid blob_id;
    std::int64_t size = 0;
    std::string mime;
    Sha256 sha256{};
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; none: when it comes
};

enum class EntryKind : std::uint8_t { folder = 0, file = 1 };

struct Entry {
    base::Ulid id;
    base::Ulid space_id;
    std::optional<base::Ulid> parent_id;  // none: a space's root, or the top of what was trashed
    EntryKind kind = EntryKind::folder;
    std::string name;  // NFC; a root's is empty
    std::int64_t size = 0;
    std::string mime;                   // folders: empty
    std::optional<base::Ulid> blob_id;  // files
    std::optional<Sha256> sha256;       // files
    std::int64_t version = 1;           // of a file's content, from 1
    std::int64_t state = 0;             // of a folder: another, larger one with every change of its children
    std::int64_t child_count = 0;       // of a folder
    base::Milliseconds created_at = 0;
    base::Milliseconds modified_at = 0;             // of a file: its own date, as its owner has it
    std::optional<base::Milliseconds> uploaded_at;  // of a file: when its content came
    std::string modified_by;                        // username; empty: an account that is gone
    std::optional<base::Ulid> trash_id;             // set: in the trash, under this entry
    std::optional<base::Milliseconds> trashed_at;   // of the top entry of what was trashed
    std::string trashed_by;
    std::optional<base::Ulid> trash_parent_id;  // where it was

    bool is_folder() const noexcept { return kind == EntryKind::folder; }
    bool is_live() const noexcept { return !trash_id; }
};

// A file's content at one time, the current one or a former.
struct Version {
    std::int64_t number = 1;
    Content content;
    base::Milliseconds created_at = 0;   // when it came
    base::Milliseconds modified_at = 0;  // the file's own date then
    std::string created_by;              // username; empty: an account that is gone
};

// A folder on the way from a space's root to an entry.
struct PathStep {
    base::Ulid id;
    std::string name;  // a root's is empty
};

}  // namespace bodega::store
