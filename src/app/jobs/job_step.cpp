#include "app/jobs/job_step.h"

#include "app/auth/audit.h"
#include "app/auth/space_role.h"
#include "app/jobs/job_item.h"
#include "app/jobs/jobs.h"
#include "app/tree/page_cursors.h"
#include "base/error.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"
#include "store/jobs/job_items.h"
#include "store/jobs/jobs.h"
#include "store/tree/entries.h"
#include "store/tree/listing.h"

namespace bodega::app {
namespace {

using store::JobItemState;
using store::JobState;
using Result = JobStep::Result;

constexpr int kGathered = 500;  // the most items that one step adds to a job
constexpr int kItems = 100;     // the most items on which one step acts; kStepTime limits them too
constexpr std::chrono::milliseconds kStepTime{30};

// Limits of job_.attempts, the number of consecutive turns without progress. After more than kCautiousAfter such turns,
// a step tries only one item. After more than kMaxAttempts, that item fails without another try. So an entry that
// crashes the process or breaks the connection does not stop the other items.
constexpr int kCautiousAfter = 2;
constexpr int kMaxAttempts = 6;

class Stepper {
public:
    Stepper(db::Connection& connection, const Services& services, store::Job job, Actor actor)
        : connection_(connection),
          jobs_(connection),
          items_(connection, job.id),
          services_(services),
          job_(std::move(job)),
          actor_(std::move(actor)) {}

    JobStep run() {
        if (job_.cancel) end(JobState::cancelled);
        else if (const auto why = find_revoked()) cancel(*why);
        else if (job_.state == JobState::gathering) gather();
        else work();
        return step_;
    }

private:
    // Returns which credential of the job is no longer valid, "account" or "token", or std::nullopt if both are valid.
    std::optional<std::string_view> find_revoked() {
        const auto user = store::Users(connection_).find(job_.user_id);
        if (!user || user->disabled) return "account";
        if (!job_.token_id) return std::nullopt;
        const auto token = store::Tokens(connection_).find(*job_.token_id, job_.user_id);
        const bool holds = token && (!token->expires_at || *token->expires_at > connection_.now_ms());
        return holds ? std::nullopt : std::optional<std::string_view>("token");
    }

    void cancel(std::string_view why) {
        record(connection_, actor_, "job.cancel", store::job_act_name(job_.act), job_.id, detail("ended", why));
        end(JobState::cancelled);
    }

    void end(JobState state) {
        job_.state = state;
        jobs_.advance(job_, 0);
        jobs_.end(job_.id, state);
        step_.result = Result::ended;
    }

    void continue_later() {
        jobs_.advance(job_, kJobLease);
        step_.result = Result::worked;
    }

    // --- gathering the job's items

    void gather() {
        if (job_.source.job_id) gather_from_job();
        else gather_from_folder();
    }

    void add(const std::vector<store::JobItem>& items) {
        job_.total += items_.add(items, job_.numbered + 1);
        job_.numbered += static_cast<std::int64_t>(items.size());
    }

    std::int64_t max() const { return job_.max > 0 ? job_.max : services_.config.files.job_items; }

    void gathered(bool all) {
        // Stops at the limit of items per job; the folder may have grown beyond it since the job began. Gathered items
        // above the limit fail, and the user can try them again.
        const bool full = job_.numbered > max();
        if (all || full) job_.state = JobState::running;
        continue_later();
    }

    // Adds the entries of the source folder to the job, but not entries that were created after the job.
    void gather_from_folder() {
        if (!may_see_folder()) return gathered(true);
        std::optional<store::ListingPosition> after;
        if (job_.gathered_to)
            after = read_listing_cursor(*job_.gathered_to, store::Sort::name, store::Order::ascending);
        const auto page = store::list_children(connection_, *job_.source.folder_id, store::Sort::name,
                                               store::Order::ascending, after, kGathered);
        std::vector<store::JobItem> items;
        for (const store::Entry& entry : page.items)
            if (entry.created_at <= job_.created_at) items.push_back({.entry_id = entry.id});
        add(items);
        if (page.last) job_.gathered_to = write_cursor(*page.last, store::Sort::name, store::Order::ascending);
        gathered(!page.last);
    }

    bool may_see_folder() {
        const auto folder = store::Entries(connection_).find(*job_.source.folder_id);
        if (!folder || !folder->is_live()) return false;
        try {
            role_now(connection_, actor_, folder->space_id);
            return true;
        } catch (const base::Error& error) {
            if (error.code() != base::Code::not_found) throw;
            return false;
        }
    }

    // Adds the items of the other job, in reverse order. If an entry was trashed before the folder that contains it,
    // the folder has to be restored before the entry.
    void gather_from_job() {
        const auto former = jobs_.find(*job_.source.job_id);
        if (former && former->is_open()) {
            step_.result = Result::waits;
            return;
        }
        const std::int64_t below = job_.gathered_to ? read_job_item_cursor(*job_.gathered_to) : former_end(former);
        const auto state = job_.source.failed ? JobItemState::failed : JobItemState::done;
        const auto found = store::JobItems(connection_, *job_.source.job_id).last(state, below, kGathered);
        const bool of_copies = !job_.source.failed && former && former->act == store::JobAct::copy;
        std::vector<store::JobItem> items;
        items.reserve(found.size());
        for (const store::JobItem& one : found)
            items.push_back({.entry_id = of_copies ? one.result_id.value_or(one.entry_id) : one.entry_id,
                             .parent_id = one.parent_id,
                             .name = one.name});
        add(items);
        if (!found.empty()) job_.gathered_to = write_job_item_cursor(found.back().number);
        gathered(found.size() < static_cast<std::size_t>(kGathered));
    }

    static std::int64_t former_end(const std::optional<store::Job>& former) {
        return former ? former->numbered + 1 : 0;
    }

    // --- acting on the items

    void work() {
        const bool cautious = job_.attempts > kCautiousAfter;
        const int max = cautious ? 1 : kItems;
        const auto until = base::Steady::now() + kStepTime;
        const auto items = items_.next(job_.position, max);
        std::size_t acted = 0;
        for (store::JobItem item : items) {
            if (acted > 0 && base::Steady::now() >= until) break;
            act_on(item);
            ++acted;
        }
        const bool all = acted == items.size() && items.size() < static_cast<std::size_t>(max);
        if (all) end(JobState::done);
        else continue_later();
    }

    void act_on(store::JobItem& item) {
        if (job_.attempts > kMaxAttempts || item.number > max()) {
            item.state = JobItemState::failed;
            item.code = base::code_name(base::Code::unavailable);
        } else {
            act_on_item(connection_, services_, actor_, job_, item);
        }
        items_.set(item);
        job_.position = item.number;
        const bool done = item.state == JobItemState::done;
        ++(done ? job_.done : job_.failed);
        ++(done ? step_.done : step_.failed);
        if (done && job_.act == store::JobAct::erase) note_space(item.entry_id);
    }

    void note_space(const base::Ulid& entry_id) {
        if (const auto entry = store::Entries(connection_).find(entry_id)) step_.marked_spaces.insert(entry->space_id);
    }

    db::Connection& connection_;
    store::Jobs jobs_;
    store::JobItems items_;
    const Services& services_;
    store::Job job_;
    const Actor actor_;
    JobStep step_;
};

// The job's owner as an actor. In a transaction only the actor's id matters; the other fields are for the audit log.
Actor actor_of(db::Connection& connection, const store::Job& job) {
    Actor actor;
    actor.user_id = job.user_id;
    if (const auto user = store::Users(connection).find(job.user_id)) actor.username = user->username;
    actor.origin.address = job.address;
    actor.scope = store::TokenScope::write;
    return actor;
}

}  // namespace

JobStep run_job_step(const Services& services, const base::Ulid& id, const base::Ulid& owner) {
    return services.catalog.transact([&](db::Connection& connection) {
        const auto job = store::Jobs(connection).lock(id);
        if (!job || !job->is_open() || job->owner != owner) return JobStep{};
        return Stepper(connection, services, *job, actor_of(connection, *job)).run();
    });
}

}  // namespace bodega::app
