// The fleet's keys of TLS session tickets: made and dropped by whichever node asks when it is time. Thread-safe.
#pragma once

#include <chrono>
#include <vector>

#include "app/services.h"
#include "store/fleet/ticket_keys.h"

namespace bodega::app {

class TicketKeys {
public:
    // A node asks so often, and a new key encrypts only once all have had the time to hear of it.
    static constexpr std::chrono::seconds kAskEvery{20};
    static constexpr std::chrono::seconds kKnownAfter{60};

    // rotation: how long a key encrypts, and how long a ticket is good for.
    TicketKeys(const Services& services, std::chrono::milliseconds rotation)
        : services_(services), rotation_(rotation.count()) {}

    // All that decrypt; the first is the one that encrypts. Not empty.
    std::vector<store::TicketKey> current();

private:
    bool is_due(const std::vector<store::TicketKey>& keys) const;
    void renew();

    const Services& services_;
    const base::Milliseconds rotation_;
};

}  // namespace bodega::app
