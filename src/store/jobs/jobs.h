// The repository of jobs (job.h); job_items.h has their items. Times are on the database's clock.
//
// The runner that works on a job is the job's owner until the lease ends. Each of its transactions first locks the
// job's row and checks that the runner is still the owner, so a runner that lost the job changes nothing. If the clock
// was set back, a lease may seem to end later than any lease can; this lease counts as ended. Each object uses one
// connection, on that connection's thread.
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
    RequestHash hash{};  // hash of the request that created the job
};

class Jobs {
public:
    explicit Jobs(db::Connection& connection) : connection_(connection) {}

    // Inserts the job with its values of `numbered` and `total`; does not count items. Returns duplicate if the user
    // already has a job with this key.
    db::Outcome insert(const Job& job, std::string_view key, const RequestHash& hash);

    std::optional<Job> find(const base::Ulid& id);
    // Like find(), and locks the row until the transaction's end.
    std::optional<Job> lock(const base::Ulid& id);
    std::optional<KeyedJob> find_key(const base::Ulid& user_id, std::string_view key);
    // Returns a user's jobs before `before`, newest first.
    std::vector<Job> list(const base::Ulid& user_id, const std::optional<base::Ulid>& before, int limit);

    struct Counts {
        std::int64_t open = 0;
        std::int64_t kept = 0;   // number of jobs with a row, open or ended
        std::int64_t items = 0;  // number of their items
    };
    Counts counts(const base::Ulid& user_id);

    // Returns an open job that has no owner. If there are several, returns the one that has waited for a runner the
    // longest.
    std::optional<base::Ulid> next();
    // Makes `owner` the job's owner. Returns false if the job has another owner, or has ended.
    bool take(const base::Ulid& id, const base::Ulid& owner, base::Milliseconds lifetime);
    // Makes the job available at once. Does nothing if `owner` is not its owner.
    void release(const base::Ulid& id, const base::Ulid& owner);

    // Writes the members that a step changed (state, counters, position, gathered_to), and extends the lease. Requires:
    // the transaction has called lock().
    void advance(const Job& job, base::Milliseconds lifetime);
    void set_total(const base::Ulid& id, std::int64_t total);
    void ask_end(const base::Ulid& id);              // asks the owner to end the job
    void end(const base::Ulid& id, JobState state);  // requires: the transaction has called lock()

    // Whether the job is open, or ended at most `keep` ago.
    bool is_kept(const base::Ulid& id, base::Milliseconds keep);
    // Returns a job that ended longer than `keep` ago, and that no open job reverts or retries.
    std::optional<base::Ulid> find_ended(base::Milliseconds keep);
    // Whether find_ended() may return this job. Requires: the transaction has called lock().
    bool may_forget(const base::Ulid& id, base::Milliseconds keep);
    // Makes all ended jobs of a user, except the newest `max`, count as ended long ago, so that find_ended() returns
    // them.
    void expire_beyond(const base::Ulid& user_id, int max);
    void remove(const base::Ulid& id);  // removes the job's row; requires: its items are removed

    struct Figures {
        std::int64_t open = 0;
        base::Milliseconds oldest = 0;  // age of the oldest open job
    };
    Figures figures();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
