// Receives one part of a resumable upload, acknowledges its bytes as they reach the disk, and turns the upload into a
// file after its last byte.
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
// writer. Try again after base::body_wait(), for kMaxWait at most; after that `why` is the answer.
struct Later {
    base::Error why;
};
inline constexpr std::chrono::seconds kMaxWait{30};

// The reception of one part (base/upload_session.h). Holds the upload's lease for its writer, by order().ticket.
class PartSession final : public base::UploadSession {
public:
    // Made by begin_part(). `services` outlives the session.
    PartSession(const Services& services, Actor actor, Part part, base::BodyOrder order);

    std::unique_ptr<base::BodySink> open() const override;

    // The lease stays with the writer, also after Error{unavailable}.
    void progress(const base::BodyReport& report) override;

    // Acknowledges the kept bytes, except of a part with a checksum, and ends the lease.
    void abort(const base::BodyReport& report) override;

    // Acknowledges the part, or turns the complete upload into a file. Ends the lease. Throws Error{locked}, {gone},
    // {checksum_mismatch} of the part, or of the whole upload, which ends it; and what put_file throws. Requires: a
    // `complete` report.
    Progress finish(const base::BodyReport& report);

    // nullptr without Services::writers.
    std::unique_ptr<base::BodyRecalls::Seat> register_writer(std::function<void()> stop) override;

private:
    UploadLease held_lease(const base::BodyReport& report) const;
    void acknowledge_rest(UploadLease& lease, const base::BodyReport& report) const;
    void verify(UploadLease& lease, const base::BodyReport& report) const;

    const Services& services_;
    const Actor actor_;
    const Part part_;
};

// The result of begin: the upload is a file already, or a session, or no session yet.
using Begun = std::variant<Progress, std::shared_ptr<PartSession>, Later>;

// begin: checks the part, acquires the upload's lease and returns a session. If another writer holds the upload, asks
// it to release it and returns Later. Without Services::writers it throws Error{locked} instead, and moves the upload
// on this thread. Throws Error{not_found}, {gone}, {forbidden}, {offset_mismatch}, {no_space}; {too_large} for more
// bytes than the upload's length; {invalid} for another length than before. Thread-safe.
Begun begin_part(const Services& services, const Actor& actor, const Part& part);

// The same, but waits on this thread while the result is Later, unless too many threads wait already; then throws
// `why`.
Begun await_part(const Services& services, const Actor& actor, const Part& part);

// Reads `source` to its end, by a session of its own. Acknowledged bytes (the offset in the answer, of find_upload and
// of the next part) are on the disk. Bytes are acknowledged every files.checkpoint bytes, every few seconds, and when
// the source breaks off. A part with a checksum is acknowledged whole or not at all. The last byte is acknowledged by
// the commit of the file, so a complete upload is a file, and until then its last part can be sent again. Thread-safe.
// Throws what await_part, PartSession and `source` throw. interrupt: makes `source` throw while it waits for its
// client; thread-safe; may be empty.
Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source,
                      const std::function<void()>& interrupt = nullptr);

}  // namespace bodega::app
