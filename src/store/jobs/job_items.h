// The repository of a job's items (job.h). Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/jobs/job.h"

namespace bodega::store {

// An item as the job's user sees it. entry_name is the entry's current name, if the user may see it.
struct SeenItem {
    JobItem item;
    std::optional<std::string> entry_name;
};

class JobItems {
public:
    JobItems(db::Connection& connection, const base::Ulid& job_id) : connection_(connection), job_id_(job_id) {}

    // Adds the items whose entries are not in the job yet. The first gets the number `from`. Uses entry_id, parent_id
    // and name of each item. Returns how many were added.
    std::int64_t add(std::span<const JobItem> items, std::int64_t from);
    // Excludes these entries from the job, even if they are gathered later. Requires: at most one call per job, before
    // its first item.
    void leave_out(std::span<const base::Ulid> ids);

    // Returns the first waiting items after `position`.
    std::vector<JobItem> next(std::int64_t position, int limit);
    // Returns items in `state` whose number is below `below`, the last first.
    std::vector<JobItem> last(JobItemState state, std::int64_t below, int limit);

    // Writes state, code, result_id, parent_id and name.
    void set(const JobItem& item);

    // Returns items for a user, in the order of their numbers. If `state` is nullopt, returns all items except left_out
    // ones. The next page begins after the number of the last item.
    std::vector<SeenItem> list(const base::Ulid& user_id, std::optional<JobItemState> state, std::int64_t after,
                               int limit);

    // Removes at most `max` items. Returns false if the job had none.
    bool trim(int max);

private:
    db::Connection& connection_;
    const base::Ulid job_id_;
};

}  // namespace bodega::store
