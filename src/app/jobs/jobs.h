// Jobs: operations on many entries that one call begins. Begins, lists and ends them.
//
// A job belongs to the account that began it, and no other account sees it. Any node works on it (job_runner.h), in
// small transactions that each check its owner's rights again for each item; an item that fails is recorded, and the
// job continues. A job ends with its owner's account and, if an API token began it, with that token: after the
// transaction that disables the account or revokes the token, nothing more of the job is done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/jobs/job.h"
#include "store/jobs/job_items.h"

namespace bodega::app {

inline constexpr std::size_t kMostIds = 10'000;  // the most ids that one call may name

struct JobRequest {
    store::JobAct act = store::JobAct::trash;
    std::vector<base::Ulid> ids;          // these entries, or those of `source`
    store::JobSource source;              // a folder's entries, or another job's
    std::vector<base::Ulid> except;       // entries of the source folder to leave out
    std::optional<base::Ulid> parent_id;  // the target folder; empty: each entry's former folder
    bool keeps_both = false;              // true: a taken name gets a number; false: the item fails
    std::string key;                      // the caller's idempotency key; empty: none
};

// Begins a job, or finds the one that the same key began before. A job whose source is another job takes that one back:
// `restore` what it trashed, `trash` what it copied or restored, `move` back what it moved; the other job is ended
// first if it still runs. With source.failed it tries the other job's failed items again. Throws Error{not_found} and
// {forbidden} for a folder or a job that the caller may not use in this way, Error{invalid}, Error{conflict} for a job
// that can't be taken back in this way, Error{key_reused}, Error{throttled} for too many jobs, Error{too_large} for too
// many entries.
store::Job begin_job(const Services& services, const Actor& actor, const JobRequest& request);

// Both functions on one job throw Error{not_found} for a job that is not the caller's.
store::Job find_job(const Services& services, const Actor& actor, const base::Ulid& id);

struct JobListing {
    std::vector<store::Job> items;  // newest first
    std::optional<std::string> next_cursor;
};
JobListing list_jobs(const Services& services, const Actor& actor, const std::optional<std::string>& cursor, int limit);

struct JobItemListing {
    std::vector<store::SeenItem> items;
    std::optional<std::string> next_cursor;
};
JobItemListing list_job_items(const Services& services, const Actor& actor, const base::Ulid& id,
                              std::optional<store::JobItemState> state, const std::optional<std::string>& cursor,
                              int limit);

// Cancels a job: begins no further item; finished items stay. Harmless for a job that has ended. Throws as find_job.
void cancel_job(const Services& services, const Actor& actor, const base::Ulid& id);

}  // namespace bodega::app
