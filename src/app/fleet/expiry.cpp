#include "app/fleet/expiry.h"

#include "store/auth/attempts.h"
#include "store/auth/devices.h"
#include "store/auth/sessions.h"
#include "store/auth/setup_tokens.h"
#include "store/tree/creation_keys.h"

namespace bodega::app {
namespace {

constexpr int kBatch = 500;  // rows per transaction

}  // namespace

void remove_expired_sign_ins(const Services& services) {
    std::int64_t removed = 0;
    do {
        removed = services.catalog.transact(
            [](db::Connection& connection) { return store::Sessions(connection).remove_expired(kBatch); });
    } while (removed == kBatch);
    services.catalog.transact([](db::Connection& connection) {
        store::Attempts(connection).remove_expired();
        store::Devices(connection).remove_expired();
        store::SetupTokens(connection).remove_expired();
    });
}

void remove_expired_creation_keys(const Services& services) {
    std::int64_t removed = 0;
    do {
        removed = services.catalog.transact(
            [](db::Connection& connection) { return store::CreationKeys(connection).remove_expired(kBatch); });
    } while (removed == kBatch);
}

}  // namespace bodega::app
