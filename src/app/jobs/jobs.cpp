#include "app/jobs/jobs.h"

#include <algorithm>

#include "app/auth/audit.h"
#include "app/auth/space_role.h"
#include "app/tree/creation.h"
#include "app/tree/page_cursors.h"
#include "base/error.h"
#include "blobs/digest.h"
#include "store/jobs/jobs.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using store::JobAct;

constexpr int kKept = 100;      // the most ended jobs that an account keeps; files.jobs_keep limits their age
constexpr int kKeptLarge = 10;  // the most ended jobs that an account keeps if its jobs have many items
// The factor by which an account's ended jobs may exceed the limit until JobRunner::forget has removed the excess.
constexpr int kMaxKept = 10;
constexpr int kRetryAfter = 10;

Error no_job() { return {Code::not_found, "That job does not exist, or is not yours."}; }

// Hashes a call's content, to detect a different call with the same key.
store::RequestHash hash_of(const JobRequest& request) {
    std::string text(store::job_act_name(request.act));
    const auto add = [&](std::string_view name, const base::Ulid& id) { text.append(name).append(id.raw()); };
    for (const base::Ulid& id : request.ids) add(" id ", id);
    if (request.source.folder_id) add(" folder ", *request.source.folder_id);
    for (const base::Ulid& id : request.except) add(" except ", id);
    if (request.source.job_id) add(request.source.failed ? " failed " : " job ", *request.source.job_id);
    if (request.parent_id) add(" into ", *request.parent_id);
    if (request.keeps_both) text += " both";
    return blobs::sha256(base::as_bytes(text));
}

void require_folder(db::Connection& connection, const Actor& actor, const base::Ulid& id, store::SpaceRole least) {
    const auto folder = store::Entries(connection).find(id);
    if (!folder || !folder->is_live())
        throw Error(Code::not_found, "That folder does not exist, or you may not see it (any more).");
    require_at_least(role_now(connection, actor, folder->space_id), least);
    if (!folder->is_folder()) throw Error(Code::conflict, "That is a file; only a folder holds others.");
}

// True if `act` undoes what `former` did.
bool takes_back(JobAct act, JobAct former) {
    switch (former) {
        case JobAct::trash: return act == JobAct::restore;
        case JobAct::copy:
        case JobAct::restore: return act == JobAct::trash;
        case JobAct::move: return act == JobAct::move;
        case JobAct::erase: return false;
    }
    return false;
}

void require_act(const JobRequest& request, const store::Job& former) {
    if (request.source.failed && request.act == former.act) return;
    if (!request.source.failed && takes_back(request.act, former.act)) return;
    throw Error(Code::conflict, "What that job did can't be taken back or tried again by this act.");
}

void require_fields(const JobRequest& request) {
    const int selections =
        (request.ids.empty() ? 0 : 1) + (request.source.folder_id ? 1 : 0) + (request.source.job_id ? 1 : 0);
    if (selections != 1) throw Error(Code::invalid, "Give one of ids, folder_id and job_id, and at least one entry.");
    if (!request.except.empty() && !request.source.folder_id)
        throw Error(Code::invalid, "The field \"except\" goes with folder_id only.");
    const bool goes_somewhere = request.act == JobAct::move || request.act == JobAct::copy;
    // A job that undoes or repeats another job uses the other job's folders.
    if (goes_somewhere && !request.parent_id && !request.source.job_id)
        throw Error(Code::invalid, "Give the parent_id of the folder that takes them.");
    if (request.parent_id && !goes_somewhere && request.act != JobAct::restore)
        throw Error(Code::invalid, "The field \"parent_id\" goes with move, copy and restore.");
    if (request.act == JobAct::restore && request.source.folder_id)
        throw Error(Code::invalid, "What a folder holds is not in the trash. Give ids or a job_id.");
}

class JobCreation {
public:
    JobCreation(db::Connection& connection, const config::Files& files, const Actor& actor, const JobRequest& request)
        : connection_(connection), files_(files), jobs_(connection), actor_(actor), request_(request) {}

    store::Job run(store::Job job) {
        const store::RequestHash hash = hash_of(request_);
        const std::string key = request_.key.empty() ? job.id.text() : request_.key;
        if (auto before = by_key(key, hash)) return *before;
        require_room();
        require_rights(job);
        make_room();
        job.state = request_.source.is_given() ? store::JobState::gathering : store::JobState::running;
        job.total = job.numbered = static_cast<std::int64_t>(request_.ids.size());
        job.max = std::max({job.max, std::int64_t{files_.job_items}, job.numbered});
        if (jobs_.insert(job, key, hash) == db::Outcome::duplicate)
            return by_key(key, hash).value();  // a concurrent call began the job first
        add_items(job);
        record(connection_, actor_, "job.start", store::job_act_name(job.act), job.id);
        return jobs_.find(job.id).value();
    }

private:
    std::optional<store::Job> by_key(const std::string& key, const store::RequestHash& hash) {
        const auto before = jobs_.find_key(actor_.user_id, key);
        if (!before) return std::nullopt;
        if (before->hash != hash) throw key_reused();
        return jobs_.find(before->id);
    }

    void require_room() {
        const store::Jobs::Counts& counts = counts_ = jobs_.counts(actor_.user_id);
        if (counts.kept - counts.open >= kMaxKept * max_kept())
            throw Error(Code::throttled, "You have begun very many jobs. Wait until older ones are removed.",
                        kRetryAfter);
        if (counts.open >= files_.jobs_per_user)
            throw Error(Code::throttled,
                        "You have " + std::to_string(counts.open) + " jobs under way. Wait until one has ended.",
                        kRetryAfter);
    }

    int max_kept() const { return counts_.items > 2 * std::int64_t{files_.job_items} ? kKeptLarge : kKept; }

    // Marks old ended jobs for removal. If the job that the new job undoes or repeats is among them, it is kept until
    // the new job has ended.
    void make_room() {
        if (counts_.kept >= max_kept()) jobs_.expire_beyond(actor_.user_id, max_kept());
    }

    void require_rights(store::Job& job) {
        if (request_.source.folder_id) require_source_folder(*request_.source.folder_id);
        if (request_.source.job_id) require_source_job(*request_.source.job_id, job);
        if (job.parent_id) require_folder(connection_, actor_, *job.parent_id, store::SpaceRole::editor);
    }

    void require_source_folder(const base::Ulid& id) {
        const auto least = request_.act == JobAct::copy ? store::SpaceRole::viewer : store::SpaceRole::editor;
        require_folder(connection_, actor_, id, least);
        const auto folder = store::Entries(connection_).find(id);
        if (folder && folder->child_count > files_.job_items)
            throw Error(Code::too_large, "That folder holds more than one job may act on (" +
                                             std::to_string(files_.job_items) +
                                             " files and folders). Choose a part of it.");
    }

    // Checks the job that the new job undoes or repeats. If the job is to be undone and still runs, asks it to end.
    void require_source_job(const base::Ulid& id, store::Job& job) {
        const auto former = jobs_.lock(id);
        if (!former || former->user_id != actor_.user_id) throw no_job();
        // The job is marked for removal, and its items are being removed.
        if (!jobs_.is_kept(id, files_.jobs_keep.count())) throw no_job();
        require_act(request_, *former);
        if (former->is_open() && request_.source.failed)
            throw Error(Code::conflict,
                        "That job is still running. Wait until it has ended, then try its failed items again.");
        if (former->is_open()) jobs_.ask_end(id);
        if (request_.source.failed && !job.parent_id) job.parent_id = former->parent_id;
        // Undoing includes all items of the other job, even if the limit of items per job is lower now.
        job.max = std::max(former->max, former->numbered);
    }

    void add_items(const store::Job& job) {
        store::JobItems items(connection_, job.id);
        std::vector<store::JobItem> given;
        given.reserve(request_.ids.size());
        for (const base::Ulid& id : request_.ids) given.push_back({.entry_id = id});
        const std::int64_t added = items.add(given, 1);
        if (!request_.except.empty()) items.leave_out(request_.except);
        if (added != job.total) jobs_.set_total(job.id, added);  // the call named some ids twice
    }

    db::Connection& connection_;
    const config::Files& files_;
    store::Jobs jobs_;
    const Actor& actor_;
    const JobRequest& request_;
    store::Jobs::Counts counts_;
};

store::Job require_own(const std::optional<store::Job>& job, const Actor& actor) {
    if (!job || job->user_id != actor.user_id) throw no_job();
    return *job;
}

}  // namespace

store::Job begin_job(const Services& services, const Actor& actor, const JobRequest& request) {
    require_fields(request);
    if (request.ids.size() > kMaxIds || request.except.size() > kMaxIds)
        throw Error(Code::too_large, "Name at most " + std::to_string(kMaxIds) + " entries in one call.");
    store::Job job;
    job.id = base::Ulid::make();
    job.user_id = actor.user_id;
    job.act = request.act;
    job.source = request.source;
    job.parent_id = request.parent_id;
    job.keeps_both = request.keeps_both;
    job.address = actor.origin.address;
    job.token_id = actor.token_id;
    return services.catalog.transact(
        [&](db::Connection& connection) {
            return JobCreation(connection, services.config.files, actor, request).run(job);
        },
        [&](db::Connection& connection) { return store::Jobs(connection).find(job.id).has_value(); });
}

store::Job find_job(const Services& services, const Actor& actor, const base::Ulid& id) {
    return require_own(
        services.catalog.read([&](db::Connection& connection) { return store::Jobs(connection).find(id); }), actor);
}

JobListing list_jobs(const Services& services, const Actor& actor, const std::optional<std::string>& cursor,
                     int limit) {
    const auto before = cursor ? std::optional(read_job_cursor(*cursor)) : std::nullopt;
    JobListing listing;
    listing.items = services.catalog.read(
        [&](db::Connection& connection) { return store::Jobs(connection).list(actor.user_id, before, limit + 1); });
    if (listing.items.size() > static_cast<std::size_t>(limit)) {
        listing.items.pop_back();
        listing.next_cursor = write_job_cursor(listing.items.back().id);
    }
    return listing;
}

JobItemListing list_job_items(const Services& services, const Actor& actor, const base::Ulid& id,
                              std::optional<store::JobItemState> state, const std::optional<std::string>& cursor,
                              int limit) {
    const std::int64_t after = cursor ? read_job_item_cursor(*cursor) : 0;
    JobItemListing listing;
    listing.items = services.catalog.read([&](db::Connection& connection) {
        require_own(store::Jobs(connection).find(id), actor);
        return store::JobItems(connection, id).list(actor.user_id, state, after, limit + 1);
    });
    if (listing.items.size() > static_cast<std::size_t>(limit)) {
        listing.items.pop_back();
        listing.next_cursor = write_job_item_cursor(listing.items.back().item.number);
    }
    return listing;
}

void cancel_job(const Services& services, const Actor& actor, const base::Ulid& id) {
    services.catalog.transact(
        [&](db::Connection& connection) {
            store::Jobs jobs(connection);
            const store::Job job = require_own(jobs.lock(id), actor);
            if (!job.is_open() || job.cancel) return;
            record(connection, actor, "job.cancel", store::job_act_name(job.act), job.id);
            if (job.is_held) jobs.ask_end(id);
            else jobs.end(id, store::JobState::cancelled);
        },
        [](db::Connection&) { return false; });
}

}  // namespace bodega::app
