// The repository of jobs (job.h); their items are job_items.h's. Times are the database's clock's.
//
// Whoever works on a job is its owner until its lease ends. Each of its transactions locks the job's row first and
// looks whether it still is, so one that lost the job changes nothing. A lease that ends later than any is given for
// is one of before the clock was set back, and holds nobody. One object works on one connection, on its thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/jobs/job.h"

namespace bodega::store {

using RequestHash = std::array<std::uint8_t, 32>;

struct KeyedJob {
    base::Ulid id;
    RequestHash hash{};  // of the call that began it
};

class Jobs {
public:
    explicit Jobs(db::Connection& connection) : connection_(connection) {}

    // With job.numbered and job.total as they are. duplicate: the user has a job of that key.
    db::Outcome insert(const Job& job, std::string_view key, const RequestHash& hash);

    std::optional<Job> find(const base::Ulid& id);
    // Locked until the transaction's end.
    std::optional<Job> lock(const base::Ulid& id);
    std::optional<KeyedJob> find_key(const base::Ulid& user_id, std::string_view key);
    // The newest first; older than `before`.
    std::vector<Job> list(const base::Ulid& user_id, const std::optional<base::Ulid>& before, int limit);

    struct Counts {
        std::int64_t open = 0;
        std::int64_t kept = 0;   // open ones as well
        std::int64_t items = 0;  // of the kept ones
    };
    Counts counts(const base::Ulid& user_id);

    // The open one that nobody works on and whose last turn is the longest ago.
    std::optional<base::Ulid> next();
    // Makes `owner` its owner; false: another is, or it has ended.
    bool take(const base::Ulid& id, const base::Ulid& owner, base::Milliseconds lifetime);
    // Lets the next one have it at once; harmless for who is not its owner.
    void release(const base::Ulid& id, const base::Ulid& owner);

    // Writes what a step changed (state, counters, position, gathered_to), and prolongs the lease. Requires: a lock.
    void advance(const Job& job, base::Milliseconds lifetime);
    void set_total(const base::Ulid& id, std::int64_t total);
    void ask_end(const base::Ulid& id);              // of whoever works on it
    void end(const base::Ulid& id, JobState state);  // Requires: a lock

    // Whether it is open, or ended at most `keep` ago.
    bool is_kept(const base::Ulid& id, base::Milliseconds keep);
    // One that ended longer than `keep` ago, and that no open one takes back or tries again.
    std::optional<base::Ulid> find_ended(base::Milliseconds keep);
    // Whether find_ended() may return this one. Requires: a lock.
    bool may_forget(const base::Ulid& id, base::Milliseconds keep);
    // Lets those of a user count as ended long ago that have ended and are older than the newest `most`.
    void expire_beyond(const base::Ulid& user_id, int most);
    void remove(const base::Ulid& id);  // Requires: its items are gone

    struct Figures {
        std::int64_t open = 0;
        base::Milliseconds oldest = 0;  // since the longest open one was begun
    };
    Figures figures();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
