#include "app/fleet/ticket_keys.h"

#include <algorithm>

#include "base/random.h"
#include "base/ulid.h"
#include "store/fleet/leases.h"

namespace bodega::app {
namespace {

constexpr base::Milliseconds kKnown = std::chrono::milliseconds(TicketKeys::kKnownAfter).count();

std::vector<store::TicketKey> list(const Services& services) {
    return services.catalog.read([](db::Connection& connection) { return store::TicketKeys(connection).list(); });
}

}  // namespace

bool TicketKeys::is_due(const std::vector<store::TicketKey>& keys) const {
    return keys.empty() || keys.front().age >= rotation_;
}

std::vector<store::TicketKey> TicketKeys::current() {
    std::vector<store::TicketKey> keys = list(services_);
    if (is_due(keys)) {
        renew();
        keys = list(services_);
    }
    // Moves the key that is used to encrypt to the front. It is the youngest key that all nodes know; if all keys are
    // younger than kKnown, it is the oldest one.
    auto first = std::find_if(keys.begin(), keys.end(), [](const store::TicketKey& key) { return key.age >= kKnown; });
    if (first == keys.end()) first = std::prev(keys.end());
    std::rotate(keys.begin(), first, std::next(first));
    return keys;
}

void TicketKeys::renew() {
    const base::Ulid asker = base::Ulid::make();
    services_.catalog.transact([&](db::Connection& connection) {
        // Locks the row of the lease "ticket_keys" until the commit, so that only one node makes a key.
        store::Leases(connection).acquire("ticket_keys", asker, 0);
        store::TicketKeys stored(connection);
        if (!is_due(stored.list())) return;
        store::TicketKey key;
        base::fill_random(key.name);
        base::fill_random(key.secret);
        stored.insert(key);
        // Keeps each key for longer than its tickets may be valid. The key is used to encrypt for `rotation_`, and
        // longer if the next key is made late and until all nodes know that key. The last ticket is then valid for
        // another `rotation_`.
        stored.remove_older(2 * rotation_ + 5 * kKnown);
    });
}

}  // namespace bodega::app
