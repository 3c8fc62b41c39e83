// An upload under way or just ended, as a row of the catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/ulid.h"
#include "store/tree/entry.h"

namespace bodega::store {

// What an upload does when its name is taken by a file at its end.
enum class OnConflict : std::uint8_t { replace, fail, rename };

std::string_view on_conflict_name(OnConflict what) noexcept;
std::optional<OnConflict> parse_on_conflict(std::string_view name) noexcept;

struct Upload {
    base::Ulid id;
    base::Ulid file_id;                  // of its file in incoming, and then of its blob
    std::optional<base::Ulid> moves_to;  // its bytes are to go to that file before anybody writes to it
    std::int64_t synced = 0;             // of it so many bytes are there and on the disk
    base::Ulid user_id;
    base::Ulid space_id;
    base::Ulid parent_id;
    std::string name;  // NFC
    // Of the whole file, or kDeferred as long as that is not known. A node of a version that does not know of deferred
    // lengths takes no byte of such an upload, and never for whole, since it has less than none to come.
    static constexpr std::int64_t kDeferred = -1;
    std::int64_t length = 0;
    bool is_deferred() const noexcept { return length < 0; }
    std::int64_t received = 0;     // acknowledged: so many bytes are on the disk
    std::optional<Sha256> sha256;  // what the whole file must be
    OnConflict on_conflict = OnConflict::replace;
    std::optional<base::Milliseconds> modified_at;  // the date that the file is to have; none: when it is whole
    std::string metadata;                           // as the client gave it
    base::Bytes digest_state;                       // blobs::Digest after `received` bytes
    // All bytes are on the disk, though not acknowledged, and this is their SHA-256: it could not become a file yet,
    // and waits for a decision. Who holds it writes nothing.
    std::optional<Sha256> whole;
    std::optional<base::Ulid> entry_id;  // ended: the file that it became
    std::optional<base::Ulid> holder;
    std::int64_t fence = 0;              // grows with every holder
    base::Milliseconds lease_until = 0;  // somebody holds it until then, on the database's clock
    base::Milliseconds created_at = 0;
    base::Milliseconds expires_at = 0;
    bool is_held = false;    // at the time of reading, as the next two
    bool is_wanted = false;  // its holder was asked to release it
    bool may_write = false;  // whether its owner is an editor where its folder is
};

}  // namespace bodega::store
