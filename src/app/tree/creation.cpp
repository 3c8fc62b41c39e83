#include "app/tree/creation.h"

#include "app/auth/space_role.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {

using base::Code;

base::Error key_reused() {
    return {Code::key_reused, "That Idempotency-Key came with another request before. Make a new one."};
}

std::optional<store::Creation> find_creation(db::Connection& connection, const Actor& actor,
                                             const std::optional<CreationKey>& key) {
    if (!key) return std::nullopt;
    auto first = store::CreationKeys(connection).find(actor.user_id, key->hash);
    if (first && first->request != key->request) throw key_reused();
    return first;
}

std::optional<store::Creation> claim_creation(db::Connection& connection, const Actor& actor,
                                              const std::optional<CreationKey>& key, std::chrono::milliseconds memory) {
    if (!key) return std::nullopt;
    if (store::CreationKeys(connection).insert(actor.user_id, *key, memory.count()) == db::Outcome::done)
        return std::nullopt;
    return find_creation(connection, actor, key);
}

void note_created_entry(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                        const base::Ulid& entry_id) {
    if (key) store::CreationKeys(connection).set_made(actor.user_id, key->hash, std::nullopt, entry_id);
}

void note_created_upload(db::Connection& connection, const Actor& actor, const std::optional<CreationKey>& key,
                         const base::Ulid& upload_id) {
    if (key) store::CreationKeys(connection).set_made(actor.user_id, key->hash, upload_id, std::nullopt);
}

store::Entry created_entry(db::Connection& connection, const Actor& actor, const store::Creation& creation) {
    std::optional<store::Entry> entry;
    if (creation.entry_id) entry = store::Entries(connection).find(*creation.entry_id);
    if (!entry || !entry->is_live())
        throw base::Error(Code::gone, "What was made with that Idempotency-Key has been removed since.");
    role_now(connection, actor, entry->space_id);
    return *entry;
}

}  // namespace bodega::app
