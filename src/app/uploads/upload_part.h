// Receives one part of a resumable upload. Acknowledges bytes after they are synced to the disk, and turns the upload
// into a file after its last byte.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/tree/source.h"
#include "app/uploads/upload_lease.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/upload_session.h"

namespace bodega::app {

struct PartChecksum {
    std::string algorithm;  // one of blobs::Checksum::kAlgorithms
    base::Bytes expected;
};

struct Part {
    base::Ulid upload_id;
    // The position in the upload of the part's first byte. Has to be the upload's offset.
    std::int64_t offset = 0;
    std::optional<std::int64_t> length;  // size of the part in bytes, if known before the body
    std::optional<PartChecksum> checksum;
    // The upload's length, if the client sent it with this part. It becomes the length of an upload that was created
    // without one.
    std::optional<std::int64_t> whole = {};
};

struct Progress {
    std::int64_t offset = 0;
    std::int64_t length = 0;  // store::Upload::kDeferred if not known yet
    base::Milliseconds expires_at = 0;
    std::optional<base::Ulid> entry_id;  // the file that the upload became; empty before that
};

// No session yet: the upload's holder was asked to release it, or its bytes are being copied to another file
// (upload_move.h). Try again after base::body_wait(). After kMaxWait, answer the client with `why`.
struct Later {
    base::Error why;
};
inline constexpr std::chrono::seconds kMaxWait{30};

// Receives one part of a resumable upload (base/upload_session.h). The session's writer holds the upload's lease;
// order().ticket is the id of the writer.
class PartSession final : public base::UploadSession {
public:
    // Called by begin_part(), which has acquired the lease. Requires: `services` outlives the session.
    PartSession(const Services& services, Actor actor, Part part, base::BodyOrder order);

    std::unique_ptr<base::BodySink> open() const override;

    // Acknowledges the reported bytes, or only renews the lease for a report of Stage::alive. The writer keeps the
    // lease, even if this function throws Error{unavailable}.
    void progress(const base::BodyReport& report) override;

    // Acknowledges the synced bytes, unless the part has a checksum, and then ends the lease.
    void abort(const base::BodyReport& report) override;

    // Acknowledges the part. After the upload's last byte, turns the upload into a file. Ends the lease. Throws
    // Error{locked}, {gone}; {checksum_mismatch} if the part's checksum or the upload's digest differs (a wrong digest
    // also removes the upload); and what put_file throws. Requires: a report of Stage::complete.
    Progress finish(const base::BodyReport& report);

    // Returns nullptr if services.writers is null.
    std::unique_ptr<base::BodyRecalls::Seat> register_writer(std::function<void()> stop) override;

private:
    UploadLease held_lease(const base::BodyReport& report) const;
    void acknowledge_rest(UploadLease& lease, const base::BodyReport& report) const;
    void verify(UploadLease& lease, const base::BodyReport& report) const;

    const Services& services_;
    const Actor actor_;
    const Part part_;
};

// The result of begin_part(): the progress of an upload that is a file already, a session for the part, or Later.
using Begun = std::variant<Progress, std::shared_ptr<PartSession>, Later>;

// Checks the part, acquires the upload's lease and returns a session. If another writer holds the upload, asks it to
// release the upload and returns Later. If the bytes have to be copied to another file first (upload_move.h), starts
// the copy and returns Later. If services.writers is null, throws Error{locked} if another writer holds the upload, and
// copies the bytes on this thread. Throws Error{not_found}, {gone}, {forbidden}, {offset_mismatch}, {no_space};
// {too_large} if the part exceeds the upload's length; {invalid} if it gives another length than the upload has.
// Thread-safe.
Begun begin_part(const Services& services, const Actor& actor, const Part& part);

// Calls begin_part() on this thread again and again until the result is not Later. Throws the `why` of Later after
// kMaxWait, or at once if too many threads wait already.
Begun await_part(const Services& services, const Actor& actor, const Part& part);

// Receives a part: reads `source` to its end on this thread. Thread-safe. Acknowledged bytes are on the disk; their
// number is the upload's offset. Bytes are acknowledged every files.checkpoint bytes, every few seconds, and when
// `source` throws. A part with a checksum is acknowledged completely or not at all. The last byte is acknowledged when
// the file is committed. So a complete upload is a file, and until then its last part can be sent again. Throws what
// await_part, PartSession and `source` throw. interrupt: makes `source` throw while it waits for its client;
// thread-safe; may be empty.
Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source,
                      const std::function<void()>& interrupt = nullptr);

}  // namespace bodega::app
