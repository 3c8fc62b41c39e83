// A file put in one go: created, or replaced as a new version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/auth/authorizer.h"
#include "app/tree/creation.h"
#include "app/fleet/held_lease.h"
#include "app/tree/file_commit.h"
#include "app/services.h"
#include "app/tree/source.h"
#include "base/body_order.h"

namespace bodega::app {

// What the bytes must be, as far as the client told.
struct Digests {
    std::optional<store::Sha256> sha256;
    base::Bytes sha512;  // empty: not told
};

struct PutRequest {
    const Grant& folder;  // where it goes, and who puts it
    std::string name;
    Expected expected;
    std::optional<std::int64_t> length;  // if told before
    Digests digests = {};
    std::optional<base::Milliseconds> modified_at = {};  // the file's own date; none: when it comes
    std::optional<CreationKey> key = {};                 // with one that has put a file, that is the answer
};

// Reads `source` to its end, publishes its bytes and commits the file. When it returns, file and bytes are
// durable; when it throws, nothing changed, but that after Error{unavailable} from a lost commit the file may
// be there whole. Memory: one block, whatever the size. Thread-safe.
// Throws Error{forbidden}, {conflict}, {name_invalid}, {name_taken}, {precondition_failed}, {too_large},
// {quota_exceeded}, {no_space}, {io}, {checksum_mismatch}: other bytes than request.digests tells; and what `source`
// throws.
Placed put_file(const Services& services, const PutRequest& request, const Source& source);

// What the key has put already: then no byte is wanted. Throws Error{invalid} for a key of another request, Error{gone}
// if the file was removed since. put_file asks it by itself.
std::optional<Placed> find_put(const Services& services, const PutRequest& request);

// --- its steps, for a writer elsewhere. Each is asked with the same request, whose rights are looked at anew

// Asks all that can be asked before the bytes come. Nothing is made yet.
base::BodyOrder begin_put(const Services& services, const PutRequest& request);

// Of a report that is no `complete` one: nothing stays of the file. Throws what the client is to be told: for
// `excess` Error{too_large} or {quota_exceeded}, for `failed` its error. Harmless twice.
void interrupt_put(const Services& services, const PutRequest& request, const base::BodyReport& report);

// Publishes and commits. Harmless twice. clock: as of app/tree/published.h. Requires: a `complete` report on an order of
// begin_put.
Placed end_put(const Services& services, const PutRequest& request, const base::BodyReport& report,
               const HeldLease::Clock& clock = HeldLease::since_boot);

}  // namespace bodega::app
