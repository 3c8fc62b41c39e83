// Makes creations repeatable, for a client that lost the answer to its first try. The client sends the same
// Idempotency-Key with each try. The key belongs to the client's account and identifies what the first try created.
#pragma once

#include <chrono>
#include <optional>

#include "app/auth/authorizer.h"
#include "db/connection.h"
#include "store/tree/creation_keys.h"

namespace bodega::app {

using CreationKey = store::CreationKey;

// How long the key of a file or a folder is remembered. The key of an upload is remembered for files.upload_expiry.
inline constexpr std::chrono::hours kCreationMemory{24};

// The error for a key that was already sent with a different request.
base::Error key_reused();

// Returns what the actor's key has created. Returns std::nullopt if it has created nothing yet or if there is no key.
// Throws key_reused().
std::optional<store::Creation> find_creation(db::Connection& connection, const Actor& actor,
                                             const std::optional<CreationKey>& key);

// Does what find_creation does, within the transaction that creates. If it returns std::nullopt, this transaction owns
// the key and has to call a note_created function before the transaction ends. A concurrent transaction with the same
// key waits until then.
std::optional<store::Creation> claim_creation(db::Connection& connection, const Actor& actor,
                                              const std::optional<CreationKey>& key,
                                              std::chrono::milliseconds memory = kCreationMemory);

void note_created_entry(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                        const base::Ulid& entry_id);
void note_created_upload(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                         const base::Ulid& upload_id);

// The current state of the file or folder that a key created. Throws Error{gone} if it was removed since. Throws what
// role_now throws if the actor may not see its current space.
store::Entry created_entry(db::Connection& connection, const Actor& actor, const store::Creation& creation);

}  // namespace bodega::app
