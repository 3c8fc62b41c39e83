// The fleet's keys for TLS session tickets. Any node that reads them makes a new key and removes old ones when due.
// Thread-safe.
#pragma once

#include <chrono>
#include <vector>

#include "app/services.h"
#include "store/fleet/ticket_keys.h"

namespace bodega::app {

class TicketKeys {
public:
    // The interval at which a node reads the keys, and the age from which a key encrypts, when all nodes have read it.
    static constexpr std::chrono::seconds kAskEvery{20};
    static constexpr std::chrono::seconds kKnownAfter{60};

    // rotation: how long a key encrypts, and how long a ticket is valid.
    TicketKeys(const Services& services, std::chrono::milliseconds rotation)
        : services_(services), rotation_(rotation.count()) {}

    // All keys that decrypt. The first is the one that encrypts. Never empty.
    std::vector<store::TicketKey> current();

private:
    bool is_due(const std::vector<store::TicketKey>& keys) const;
    void renew();

    const Services& services_;
    const base::Milliseconds rotation_;
};

}  // namespace bodega::app
