// Writes a complete file in one request: creates it, or replaces it by a new version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/auth/authorizer.h"
#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "app/tree/creation.h"
#include "app/tree/file_commit.h"
#include "app/tree/published.h"
#include "app/tree/source.h"
#include "base/upload_session.h"

namespace bodega::app {

// The digests that the client sent for the bytes.
struct Digests {
    std::optional<store::Sha256> sha256;
    base::Bytes sha512;  // empty if the client did not send it
};

struct PutRequest {
    Grant folder;  // the target folder and the actor
    std::string name;
    Precondition precondition;
    std::optional<std::int64_t> length;  // number of bytes, if known before the body
    Digests digests = {};
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; if empty, the time of the write
    // If the key has already written a file, that file is the answer.
    std::optional<CreationKey> key = {};
};

// The session that receives a complete file (base/upload_session.h).
class PutSession final : public base::UploadSession {
public:
    // The first step: checks everything that can be checked before the body arrives. Creates nothing. Requires:
    // `services` outlives the session. Throws Error{forbidden}, {conflict}, {name_invalid}, {name_taken},
    // {precondition_failed}, {too_large}, {quota_exceeded}, {no_space}, {invalid} for a date out of range. clock:
    // CLOCK_BOOTTIME; only tests pass another one.
    PutSession(const Services& services, PutRequest request, HeldLease::Clock clock = HeldLease::since_boot);

    // A body of at most this many bytes is written under its final name, which saves the rename. If a crash leaves such
    // a file behind, it takes little space until garbage collection removes it.
    static constexpr std::int64_t kInPlace = std::int64_t{1} << 20;

    std::unique_ptr<base::BodySink> open() const override;
    // does nothing, since no part of a file is acknowledged before the file is complete
    void progress(const base::BodyReport&) override {}
    void abort(const base::BodyReport& report) override;  // removes the received bytes

    // Publishes the bytes and commits the file. When it returns, both are durable. When it throws, nothing has changed,
    // with one exception: after Error{unavailable} from a lost commit the complete file may exist. Checks the rights,
    // the precondition and the free quota again. Throws what the constructor throws, {io}, and {checksum_mismatch} for
    // bytes that do not match the request's digests. Requires: a `complete` report.
    CommittedFile finish(const base::BodyReport& report);

private:
    void verify(const base::BodyReport& report) const;
    Published publish(const base::BodyReport& report) const;
    CommittedFile commit(const store::Content& content, const Published& published) const;

    const Services& services_;
    void discard_unpublished() const noexcept;

    const PutRequest request_;
    const HeldLease::Clock clock_;
    const base::Milliseconds began_;  // a time on clock_ before the file is created
};

// Writes the file: makes a PutSession and reads `source` to its end on this thread. Needs the memory of one block,
// whatever the size. Thread-safe. Throws what PutSession and `source` throw.
CommittedFile put_file(const Services& services, const PutRequest& request, const Source& source);

// Returns the file that the key has already written, so that the body is not needed. Throws Error{key_reused} for a key
// of a different request, Error{gone} if the file was removed since. put_file calls this function itself.
std::optional<CommittedFile> find_put(const Services& services, const PutRequest& request);

}  // namespace bodega::app
