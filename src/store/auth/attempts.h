// Failed sign-ins, counted per subject ("pair ana 192.0.2.7") in a window on the database's clock, so that every node
// sees the same count. One object works on one connection, on its thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::store {

struct AttemptCount {
    std::int64_t failures = 0;
    base::Milliseconds ends_in = 0;  // until the window closes
};

class Attempts {
public:
    explicit Attempts(db::Connection& connection) : connection_(connection) {}

    // Counts one more, and returns the count with it. A window that has closed begins again. Requires: a transaction;
    // the subject has at most 320 bytes.
    AttemptCount add(std::string_view subject, base::Milliseconds window);

    // Of the open window; none: {0, 0}.
    AttemptCount count(std::string_view subject);
    // The same, locked until the transaction's end.
    AttemptCount lock(std::string_view subject);

    void clear(std::string_view subject);

    // All subjects that begin with `prefix`. Requires: it does not end in '\xff'.
    std::vector<std::string> starting_with(std::string_view prefix);

    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
