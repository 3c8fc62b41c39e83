// The repository of a job's items (job.h). One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/jobs/job.h"

namespace bodega::store {

// An item as its owner sees it. entry_name: the entry's current name, if the user may see it.
struct SeenItem {
    JobItem item;
    std::optional<std::string> entry_name;
};

class JobItems {
public:
    JobItems(db::Connection& connection, const base::Ulid& job_id) : connection_(connection), job_id_(job_id) {}

    // Adds the items that the job does not have yet, numbered from `from`. Uses their entry_id, parent_id and name.
    // Returns how many were added.
    std::int64_t add(std::span<const JobItem> items, std::int64_t from);
    // Excludes these entries from the job, even if they are gathered later. Requires: at most one call per job, before
    // its first item.
    void leave_out(std::span<const base::Ulid> ids);

    // Returns the first waiting items after `position`.
    std::vector<JobItem> next(std::int64_t position, int limit);
    // Returns items of a state with a number below `below`, the last first.
    std::vector<JobItem> last(JobItemState state, std::int64_t below, int limit);

    // Writes state, code, result_id, parent_id and name.
    void set(const JobItem& item);

    // Returns items in their order, for a user. state: nullopt lists all except left_out. The next page begins after
    // the last number.
    std::vector<SeenItem> list(const base::Ulid& user_id, std::optional<JobItemState> state, std::int64_t after,
                               int limit);

    // Removes about `most` items. False: no item is left.
    bool trim(int most);

private:
    db::Connection& connection_;
    const base::Ulid job_id_;
};

}  // namespace bodega::store
