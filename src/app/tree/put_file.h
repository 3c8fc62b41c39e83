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
#include "app/tree/source.h"
#include "base/body_order.h"

namespace bodega::app {

// The digests that the client sent for the bytes.
struct Digests {
    std::optional<store::Sha256> sha256;
    base::Bytes sha512;  // empty if the client did not send it
};

struct PutRequest {
    const Grant& folder;  // the target folder and the actor
    std::string name;
    Precondition precondition;
    std::optional<std::int64_t> length;  // number of bytes, if known before the body
    Digests digests = {};
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; if empty, the time of the write
    // If the key has already written a file, that file is the answer.
    std::optional<CreationKey> key = {};
};

// Reads `source` to its end, publishes its bytes and commits the file. When it returns, the file and its bytes are
// durable. When it throws, nothing has changed, with one exception: after Error{unavailable} from a lost commit the
// complete file may exist. Memory: one block for any size. Thread-safe. Throws Error{forbidden}, {conflict},
// {name_invalid}, {name_taken}, {precondition_failed}, {too_large}, {quota_exceeded}, {no_space}, {io},
// {checksum_mismatch} for bytes that do not match request.digests, and what `source` throws.
CommittedFile put_file(const Services& services, const PutRequest& request, const Source& source);

// Returns the file that the key has already written, so that the body is not needed. Throws Error{key_reused} for a key
// of a different request, Error{gone} if the file was removed since. put_file calls this function itself.
std::optional<CommittedFile> find_put(const Services& services, const PutRequest& request);

// --- the steps of put_file, for bytes that another writer receives. Each step gets the same request and checks the
// rights again.

// Checks everything that can be checked before the body arrives. Creates nothing.
base::BodyOrder begin_put(const Services& services, const PutRequest& request);

// Handles a report that is not `complete`: removes the file. Throws the error that the client gets. That is
// Error{too_large} or {quota_exceeded} for `excess`, and the report's error for `failed`. Idempotent.
void interrupt_put(const Services& services, const PutRequest& request, const base::BodyReport& report);

// Publishes and commits the file. Idempotent. clock: see app/tree/published.h. Requires: a `complete` report for an
// order of begin_put.
CommittedFile end_put(const Services& services, const PutRequest& request, const base::BodyReport& report,
                      const HeldLease::Clock& clock = HeldLease::since_boot);

}  // namespace bodega::app
