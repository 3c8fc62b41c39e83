// Receives one part of a resumable upload, acknowledges its bytes as they reach the disk, and turns the upload into a
// file after its last byte.
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
    std::int64_t offset = 0;             // of its first byte; must be the upload's offset
    std::optional<std::int64_t> length;  // of the part in bytes, if known before the body
    std::optional<PartChecksum> checksum;
    std::optional<std::int64_t> whole = {};  // the upload's length, sent with the part; sets a deferred one
};

struct Progress {
    std::int64_t offset = 0;
    std::int64_t length = 0;  // store::Upload::kDeferred: not known yet
    base::Milliseconds expires_at = 0;
    std::optional<base::Ulid> entry_id;  // the file that the upload became
};

// The upload can't be written to yet: its holder was asked to release it, or its bytes are being moved away from a lost
// writer. Try again after base::body_wait(), for kMostWait at most; after that `why` is the answer.
struct Later {
    base::Error why;
};
inline constexpr std::chrono::seconds kMostWait{30};

using Begun = std::variant<Progress, base::BodyOrder, Later>;

// Reads `source` to its end. Acknowledged bytes (the offset in the answer, of find_upload and of the next part) are on
// the disk. Bytes are acknowledged every files.checkpoint bytes, every few seconds, and when the source breaks off. A
// part with a checksum is acknowledged whole or not at all. The last byte is acknowledged by the commit of the file, so
// a complete upload is a file, and until then its last part can be sent again. One writer at a time, by a lease on the
// database's clock. Thread-safe. Throws Error{not_found}, {gone}, {forbidden}, {offset_mismatch}; {locked} if another
// request writes now; {too_large} for more bytes than the upload's length; {invalid} for an unknown checksum or another
// length than before; {checksum_mismatch} of the part, or of the whole upload, which ends it; what put_file throws; and
// what `source` throws. Waits on this thread for an upload that another writer holds, unless too many threads wait
// already. interrupt: makes `source` throw while it waits for its client; thread-safe; may be empty.
Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source,
                      const std::function<void()>& interrupt = nullptr);

// --- the steps of receive_part, for a writer elsewhere, which holds the lease by the order's ticket. Each step gets
// the same part

// Acquires the lease and returns the order for the bytes; or the progress, if the upload is a file already. If another
// writer holds the upload, asks it to release it and returns Later. Without Services::writers it throws Error{locked}
// instead, and moves the upload on this thread.
Begun begin_part(const Services& services, const Actor& actor, const Part& part);

// The remainder of receive_part, after begin_part.
Progress receive_begun(const Services& services, const Actor& actor, const Part& part, const base::BodyOrder& order,
                       const Source& source, const std::function<void()>& interrupt = nullptr);

// Handles a report that is not `complete`: acknowledges the kept bytes, and releases the lease unless the writer
// continues. Throws Error{locked} or {gone} if the lease was lost; then nothing is acknowledged. Also throws the error
// that the client gets: for `excess` Error{too_large}, for `failed` the report's error. Idempotent.
void note_part(const Services& services, const Part& part, const base::BodyReport& report);

// Acknowledges the part, or turns the complete upload into a file. Releases the lease. Idempotent. Requires: a
// `complete` report.
Progress end_part(const Services& services, const Actor& actor, const Part& part, const base::BodyReport& report);

}  // namespace bodega::app
