// An upload that is open or has just ended, as a row of the catalog.
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

// What an upload does if another file has the upload's name when the upload ends.
enum class OnConflict : std::uint8_t { replace, fail, rename };

std::string_view on_conflict_name(OnConflict what) noexcept;
std::optional<OnConflict> parse_on_conflict(std::string_view name) noexcept;

struct Upload {
    base::Ulid id;
    base::Ulid file_id;                  // id of its file in incoming, and later of its blob
    std::optional<base::Ulid> moves_to;  // the next writer first moves the bytes to this file
    std::int64_t synced = 0;             // number of bytes of moves_to that are on the disk
    base::Ulid user_id;
    base::Ulid space_id;
    base::Ulid parent_id;
    std::string name;  // in Unicode NFC
    // The whole file's length, or kDeferred while it is unknown. A node of a version without deferred lengths accepts
    // no byte for such an upload and never treats it as complete, because kDeferred is less than any received count.
    static constexpr std::int64_t kDeferred = -1;
    std::int64_t length = 0;
    bool is_deferred() const noexcept { return length < 0; }
    std::int64_t received = 0;     // acknowledged bytes, all on the disk
    std::optional<Sha256> sha256;  // the expected digest of the whole file
    OnConflict on_conflict = OnConflict::replace;
    // The date that the file gets; nullopt: the time when it is complete.
    std::optional<base::Milliseconds> modified_at;
    std::string metadata;      // the upload's metadata, as the client sent it
    base::Bytes digest_state;  // state of blobs::Digest after `received` bytes
    // The SHA-256 of all bytes. Set if all bytes are on the disk, but the upload could not become a file yet (its name
    // is taken, for example) and the client has to decide what to do. `received` does not count the last bytes then,
    // and the upload's holder writes nothing.
    std::optional<Sha256> whole;
    std::optional<base::Ulid> entry_id;  // set when the upload has ended: the file that it became
    std::optional<base::Ulid> holder;
    std::int64_t fence = 0;              // fencing token, which grows with every new holder
    base::Milliseconds lease_until = 0;  // the holder has the upload until this time on the database's clock
    base::Milliseconds created_at = 0;
    base::Milliseconds expires_at = 0;
    // Whether an unexpired lease existed when this row was read.
    bool is_held = false;
    bool is_wanted = false;  // when this row was read, the holder had been asked to release the upload
    bool may_write = false;  // when this row was read, the upload's user had the right to write in the space
};

}  // namespace bodega::store
