// The fleet's keys for TLS session tickets. A node that reads the keys also makes a new key and removes old ones when
// that is due. Thread-safe.
#pragma once

#include <chrono>
#include <vector>

#include "app/services.h"
#include "store/fleet/ticket_keys.h"

namespace bodega::app {

class TicketKeys {
public:
    static constexpr std::chrono::seconds kAskEvery{20};  // the interval at which a node reads the keys
    // The age from which a key is used to encrypt. All nodes have read the key by then.
    static constexpr std::chrono::seconds kKnownAfter{60};

    // rotation: the time for which a key encrypts, and for which a ticket is valid.
    TicketKeys(const Services& services, std::chrono::milliseconds rotation)
        : services_(services), rotation_(rotation.count()) {}

    // All keys that decrypt, at least one. The first key also encrypts.
    std::vector<store::TicketKey> current();

private:
    bool is_due(const std::vector<store::TicketKey>& keys) const;
    void renew();

    const Services& services_;
    const base::Milliseconds rotation_;
};

}  // namespace bodega::app
