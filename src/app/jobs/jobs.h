// Jobs: operations on many entries that one call begins. This file begins, lists and cancels them.
//
// A job belongs to the account that began it, and no other account sees it. Any node can work on it (job_runner.h), in
// small transactions that check the owner's rights again for each item. If an item fails, that is recorded, and the job
// continues. A job ends with its owner's account. If an API token began the job, it also ends with that token. Once the
// account is disabled or the token is revoked, the job does nothing more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/jobs/job.h"
#include "store/jobs/job_items.h"

namespace bodega::app {

inline constexpr std::size_t kMaxIds = 10'000;  // the most ids that one call may name

struct JobRequest {
    store::JobAct act = store::JobAct::trash;
    std::vector<base::Ulid> ids;          // the entries to act on; empty if `source` names them
    store::JobSource source;              // the folder or the other job whose entries the job acts on
    std::vector<base::Ulid> except;       // entries of the source folder that are left out
    std::optional<base::Ulid> parent_id;  // the target folder; empty for the folder that each entry came from
    bool keeps_both = false;              // for an entry whose name is taken: true adds a number, false fails
    std::string key;                      // the caller's idempotency key, or empty
};

// Begins a job, or returns the job that a call with the same key began before.
//
// If the source is another job, the new job undoes it: `restore` restores what the other job trashed, `trash` trashes
// what it copied or restored, `move` moves back what it moved. The other job is ended first if it still runs. With
// source.failed, the new job tries the other job's failed items again.
//
// Throws Error{not_found} and {forbidden} for a folder or a job that the caller may not use in this way,
// Error{invalid}, Error{conflict} for a job that can't be undone in this way, Error{key_reused}, Error{throttled} for
// too many jobs, Error{too_large} for too many entries.
store::Job begin_job(const Services& services, const Actor& actor, const JobRequest& request);

// find_job() and cancel_job() throw Error{not_found} for a job that is not the caller's.
store::Job find_job(const Services& services, const Actor& actor, const base::Ulid& id);

struct JobListing {
    std::vector<store::Job> items;  // newest job first
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

// Cancels a job: no further item is begun, and finished items stay as they are. Does nothing if the job has ended.
// Throws as find_job does.
void cancel_job(const Services& services, const Actor& actor, const base::Ulid& id);

}  // namespace bodega::app
