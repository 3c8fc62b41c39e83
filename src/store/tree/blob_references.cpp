#include "store/tree/blob_references.h"

namespace bodega::store {
namespace {

constexpr db::Sql kRetain{"blobs.retain", "UPDATE blobs SET released_at = NULL WHERE id = ?"};
constexpr db::Sql kRelease{"blobs.release", "UPDATE blobs SET released_at = {now} WHERE id = ?"};

}  // namespace

bool retain_blob(db::Connection& connection, const base::Ulid& blob_id) {
    return connection.execute(kRetain, {blob_id}).rows > 0;
}

void release_blob(db::Connection& connection, const base::Ulid& blob_id) { connection.execute(kRelease, {blob_id}); }

}  // namespace bodega::store
