// Counts failed sign-ins for each subject, such as "pair ana 192.0.2.7". The counts are for a window of time on the
// database's clock, so that every node sees the same count. Each object uses one connection, on that connection's
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::store {

struct AttemptCount {
    std::int64_t failures = 0;
    base::Milliseconds ends_in = 0;  // time until the window closes
};

class Attempts {
public:
    explicit Attempts(db::Connection& connection) : connection_(connection) {}

    // Counts one more failure, and returns the new count. If the window is closed, a new window begins. Requires: a
    // transaction; the subject has at most 320 bytes.
    AttemptCount add(std::string_view subject, base::Milliseconds window);

    // Returns the count of the open window, or {0, 0} if no window is open.
    AttemptCount count(std::string_view subject);
    // Like count(), and locks the row until the transaction's end.
    AttemptCount lock(std::string_view subject);

    void clear(std::string_view subject);

    // Returns all subjects that begin with `prefix`. Requires: the prefix does not end in '\xff'.
    std::vector<std::string> starting_with(std::string_view prefix);

    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
