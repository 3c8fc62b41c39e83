// One part of a resumable upload: taken in, acknowledged as it gets to the disk, and at the last byte made a file.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/tree/source.h"
#include "base/body_order.h"
#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {

struct PartChecksum {
    std::string algorithm;  // one of blobs::Checksum::kAlgorithms
    base::Bytes expected;
};

struct Part {
    base::Ulid upload_id;
    std::int64_t offset = 0;             // where its bytes go; must be where the upload stands
    std::optional<std::int64_t> length;  // of the part, if told before
    std::optional<PartChecksum> checksum;
    std::optional<std::int64_t> whole = {};  // the upload's length, told with the part: what a deferred one is
};

struct Progress {
    std::int64_t offset = 0;
    std::int64_t length = 0;  // store::Upload::kDeferred: not known yet
    base::Milliseconds expires_at = 0;
    std::optional<base::Ulid> entry_id;  // the file that it became
};

// Nobody can write to the upload yet: its holder was asked to release it, or its bytes are being moved away from one
// that was lost. Worth another try after base::body_wait(), for kMostWait at most; then `why` is the answer.
struct Later {
    base::Error why;
};
inline constexpr std::chrono::seconds kMostWait{30};

using Begun = std::variant<Progress, base::BodyOrder, Later>;

// Reads `source` to its end. What is acknowledged (the offset of the answer, of find_upload, of the next
// part) is on the disk: every files.checkpoint bytes, every few seconds, and when the source breaks off. A part
// with a checksum is acknowledged whole or not at all. The last byte is acknowledged with the commit of the
// file, so an upload that is complete is a file: until then its last part can be sent again.
// One writer at a time, by a lease on the database's clock. Thread-safe.
// Throws Error{not_found}, {gone}, {forbidden}, {offset_mismatch}, {locked}: someone else writes now, {too_large}: more
// than the upload's length, {invalid}: an unknown checksum, another length than before, {checksum_mismatch}: of the
// part; or of the whole, which ends the upload; what put_file throws; and what `source` throws.
// Waits on this thread for an upload that another holds, unless too many wait already. interrupt: makes `source` throw
// although its client is silent; thread-safe; may be empty.
Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source,
                      const std::function<void()>& interrupt = nullptr);

// --- its steps, for a writer elsewhere, who holds the lease by the order's ticket. Each is asked with the same part

// Takes the lease and tells where the bytes go; or how the upload ended, if it is a file already. Asks another holder
// to release it; see Later. Without Services::writers Error{locked} instead, and a move is made at once.
Begun begin_part(const Services& services, const Actor& actor, const Part& part);

// The rest of receive_part.
Progress receive_begun(const Services& services, const Actor& actor, const Part& part, const base::BodyOrder& order,
                       const Source& source, const std::function<void()>& interrupt = nullptr);

// Of a report that is no `complete` one: acknowledges what is kept; lets the lease go unless the writer goes on. Throws
// Error{locked} or {gone} if the lease was lost: then nothing is acknowledged. Throws too what the client is to be
// told: for `excess` Error{too_large}, for `failed` its error. Harmless twice.
void note_part(const Services& services, const Part& part, const base::BodyReport& report);

// Acknowledges the part, or makes the whole a file; lets the lease go. Harmless twice. Requires: a `complete` report.
Progress end_part(const Services& services, const Actor& actor, const Part& part, const base::BodyReport& report);

}  // namespace bodega::app
