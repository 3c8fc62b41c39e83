// Acts on many entries that one call asks for: beginning, looking at and ending jobs.
//
// A job belongs to who began it, and nobody else sees it. Any node works on it (job_runner.h), in small transactions
// that each ask the rights of its owner anew, item by item; what can't be done is written down and the rest goes on.
// It ends with its owner's account and, begun with an API token, with that token: nothing more of it is done from the
// transaction on that disables the one or revokes the other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/jobs/job.h"
#include "store/jobs/job_items.h"

namespace bodega::app {

inline constexpr std::size_t kMostIds = 10'000;  // that one call may name

struct JobRequest {
    store::JobAct act = store::JobAct::trash;
    std::vector<base::Ulid> ids;          // these entries; or
    store::JobSource source;              // those
    std::vector<base::Ulid> except;       // of a folder's, all but these
    std::optional<base::Ulid> parent_id;  // the folder that takes them; none: where each one was
    bool keeps_both = false;              // a taken name gets a number; else the item fails
    std::string key;                      // of the caller's, runs once; empty: none
};

// Writes a job down, or finds the one that the same key began before. A job whose source is another job takes what that
// one did back: `restore` what it trashed, `trash` what it copied or restored, `move` back what it moved; that one is
// ended first, if it is still under way. With source.failed it tries again what the other could not do.
// Throws Error{not_found} and {forbidden} for a folder or a job that the caller may not use so, Error{invalid},
// Error{conflict} for a job that can't be taken back so, Error{key_reused}, Error{throttled} for too many jobs,
// Error{too_large} for too many entries.
store::Job begin_job(const Services& services, const Actor& actor, const JobRequest& request);

// Throw Error{not_found} for a job that is not the caller's.
store::Job find_job(const Services& services, const Actor& actor, const base::Ulid& id);

struct JobListing {
    std::vector<store::Job> items;  // the newest first
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

// No further item of it is begun; what it did stays. Harmless for one that has ended. Throws as find_job.
void cancel_job(const Services& services, const Actor& actor, const base::Ulid& id);

}  // namespace bodega::app
