// Makes creations repeatable, for a client that lost the answer to its first try. The client sends the same
// Idempotency-Key with each try; the key is its account's and leads to what the first try created.
#pragma once

#include <chrono>
#include <optional>

#include "app/auth/authorizer.h"
#include "db/connection.h"
#include "store/tree/creation_keys.h"

namespace bodega::app {

using CreationKey = store::CreationKey;

// How long the key of a file or a folder is remembered. The key of an upload is remembered as long as an upload without
// writes is kept.
inline constexpr std::chrono::hours kCreationMemory{24};

// The error for a key that was sent with another request before.
base::Error key_reused();

// Returns what the actor's key has created; std::nullopt: nothing yet, or no key. Throws key_reused().
std::optional<store::Creation> find_creation(db::Connection& connection, const Actor& actor,
                                             const std::optional<CreationKey>& key);

// The same for the transaction that creates. If it returns std::nullopt, this transaction owns the key and has to call
// a note_created function before it ends. A concurrent transaction with the same key waits for that end.
std::optional<store::Creation> claim_creation(db::Connection& connection, const Actor& actor,
                                              const std::optional<CreationKey>& key,
                                              std::chrono::milliseconds memory = kCreationMemory);

void note_created_entry(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                        const base::Ulid& entry_id);
void note_created_upload(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                         const base::Ulid& upload_id);

// The current state of the file or folder that a key created. Throws Error{gone} if it was removed since, and what
// role_now throws if the actor may not see it in its current space.
store::Entry created_entry(db::Connection& connection, const Actor& actor, const store::Creation& creation);

}  // namespace bodega::app
