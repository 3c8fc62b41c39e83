// The repository of a job's items (job.h). One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/jobs/job.h"

namespace bodega::store {

// An item as its owner sees it. The name is the entry's of now, if they may see it.
struct SeenItem {
    JobItem item;
    std::optional<std::string> entry_name;
};

class JobItems {
public:
    JobItems(db::Connection& connection, const base::Ulid& job_id) : connection_(connection), job_id_(job_id) {}

    // Adds those that the job has not yet, numbered from `from` on. Of each it takes entry_id, parent_id and name.
    // Returns how many it added.
    std::int64_t add(std::span<const JobItem> items, std::int64_t from);
    // The job will not have these, whatever is gathered. Requires: at most once a job, before its first item.
    void leave_out(std::span<const base::Ulid> ids);

    // Of those that wait, the first behind `position`.
    std::vector<JobItem> next(std::int64_t position, int limit);
    // Those of a state with a number below `below`, the last first.
    std::vector<JobItem> last(JobItemState state, std::int64_t below, int limit);

    // Writes state, code, result_id, parent_id and name.
    void set(const JobItem& item);

    // In their order, for a user; state: none is all but those left out. The next page begins behind the last number.
    std::vector<SeenItem> list(const base::Ulid& user_id, std::optional<JobItemState> state, std::int64_t after,
                               int limit);

    // Removes about `most` of them; false: none is left.
    bool trim(int most);

private:
    db::Connection& connection_;
    const base::Ulid job_id_;
};

}  // namespace bodega::store
