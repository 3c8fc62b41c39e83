#include "store/fleet/ticket_keys.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "base/error.h"

namespace bodega::store {
namespace {

constexpr db::Sql kList{"ticket_keys.list",
                        "SELECT name, secret, {now} - created_at FROM ticket_keys ORDER BY created_at DESC, name"};
constexpr db::Sql kInsert{"ticket_keys.insert",
                          "INSERT INTO ticket_keys (name, secret, created_at) VALUES (?, ?, {now})"};
constexpr db::Sql kRemoveOlder{"ticket_keys.remove_older", "DELETE FROM ticket_keys WHERE created_at < {now} - ?"};

void copy_bytes(std::string_view bytes, std::span<std::uint8_t> out) {
    if (bytes.size() != out.size()) throw base::Error(base::Code::internal, "a row of ticket_keys is damaged");
    std::copy(bytes.begin(), bytes.end(), out.begin());
}

}  // namespace

std::vector<TicketKey> TicketKeys::list() {
    std::vector<TicketKey> keys;
    auto& row = connection_.query(kList);
    while (row.next()) {
        TicketKey& key = keys.emplace_back();
        copy_bytes(row.text(0), key.name);
        copy_bytes(row.text(1), key.secret);
        key.age = row.int64(2);
    }
    return keys;
}

void TicketKeys::insert(const TicketKey& key) {
    connection_.execute(kInsert, {db::Blob{key.name}, db::Blob{key.secret}});
}

void TicketKeys::remove_older(base::Milliseconds than) { connection_.execute(kRemoveOlder, {than}); }

}  // namespace bodega::store
