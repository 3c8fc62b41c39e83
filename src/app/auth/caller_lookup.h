// Finds callers and what they reach, many in one round trip to the catalog.
//
// Who asks while others are being looked up waits for them, and is then looked up together with all who came
// meanwhile: under load the database answers one statement where it would have answered sixteen, and nobody waits
// who would not have waited for the database anyway. Each is looked up after they asked. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

#include "db/pool.h"
#include "store/auth/callers.h"

namespace bodega::app {

class CallerLookup {
public:
    explicit CallerLookup(db::Pool& catalog) : catalog_(catalog) {}

    // As store::Callers::find_at. Throws what the catalog's reading throws.
    std::optional<store::CallerAt> find_at(store::SecretKind kind, const store::CallerAsked& asked);

private:
    struct Waiting {
        explicit Waiting(const store::CallerAsked& a) : asked(a) {}

        const store::CallerAsked& asked;
        std::condition_variable called;
        std::vector<Waiting*> together;  // whom it has to look up, itself first; none: another does it for this one
        bool done = false;
        std::optional<store::CallerAt> found;
        std::exception_ptr failure;
    };
    struct Line {
        std::deque<Waiting*> waiting;  // only while as many statements as may be are under way
        int under_way = 0;             // statements, and those whose leader was just called
    };

    void ask_for(store::SecretKind kind, const std::vector<Waiting*>& together);
    static void call_next(Line& line);

    db::Pool& catalog_;
    std::mutex mutex_;
    Line sessions_, tokens_;  // protected by mutex_
};

}  // namespace bodega::app
