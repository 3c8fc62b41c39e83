// The keys of TLS session tickets, which all nodes share. They are secrets: anyone who can read the catalog can resume
// sessions, and decrypt recorded TLS 1.2 sessions that were resumed. Each object uses one connection, on that
// connection's thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::store {

struct TicketKey {
    std::array<std::uint8_t, 16> name{};    // not secret
    std::array<std::uint8_t, 64> secret{};  // the cipher's key, then the key of the MAC
    base::Milliseconds age = 0;             // age on the database's clock
};

class TicketKeys {
public:
    explicit TicketKeys(db::Connection& connection) : connection_(connection) {}

    // Returns the keys, newest first.
    std::vector<TicketKey> list();
    void insert(const TicketKey& key);  // inserts the key with an age of 0
    void remove_older(base::Milliseconds than);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
