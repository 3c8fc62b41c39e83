// Failed sign-ins, counted per subject ("account:ana", "address:192.0.2.7") in a window on the database's clock, so
// that every node sees the same count. One object works on one connection, on its thread.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::store {

struct AttemptCount {
    std::int64_t failures = 0;       // this one included
    base::Milliseconds ends_in = 0;  // until the window closes
};

class Attempts {
public:
    explicit Attempts(db::Connection& connection) : connection_(connection) {}

    // Counts one more, before it is known how it ends: so attempts made side by side are all counted. A window that
    // has closed begins anew. Requires: a transaction; the subject has at most 320 bytes.
    AttemptCount add(std::string_view subject, base::Milliseconds window);

    void take_back(std::string_view subject);  // one that succeeded after all
    void clear(std::string_view subject);
    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
