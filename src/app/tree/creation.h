// Creations that a client may ask for again, since the answer to the first try was lost: the key that it sends with
// each try (Idempotency-Key) is its account's, and gives what the first one made.
#pragma once

#include <chrono>
#include <optional>

#include "app/auth/authorizer.h"
#include "db/connection.h"
#include "store/tree/creation_keys.h"

namespace bodega::app {

using CreationKey = store::CreationKey;

// How long the key of a file or a folder is known. That of an upload: as long as an upload that nobody writes to.
inline constexpr std::chrono::hours kCreationMemory{24};

// Of a key that came with another request before.
base::Error key_reused();

// What the actor's key has made; nullopt: nothing yet, or no key. Throws key_reused().
std::optional<store::Creation> find_creation(db::Connection& connection, const Actor& actor,
                                             const std::optional<CreationKey>& key);

// The same for the transaction that creates: with nullopt the key is this transaction's, which calls note_created
// before it ends. Another one with the same key waits for its end.
std::optional<store::Creation> claim_creation(db::Connection& connection, const Actor& actor,
                                              const std::optional<CreationKey>& key,
                                              std::chrono::milliseconds memory = kCreationMemory);

void note_created_entry(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                        const base::Ulid& entry_id);
void note_created_upload(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                         const base::Ulid& upload_id);

// The file or folder that a key made, as it is now. Throws Error{gone} if it was removed since, and as role_now if the
// actor may not see it where it is.
store::Entry created_entry(db::Connection& connection, const Actor& actor, const store::Creation& creation);

}  // namespace bodega::app
