// /api/v1/entries/batch and /api/v1/jobs: actions on many entries, and their progress.
#include "app/jobs/jobs.h"

#include <array>

#include "app/jobs/job_runner.h"
#include "base/error.h"
#include "web/api/account_json.h"
#include "web/api/idempotency_key.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

using base::Code;
using base::Error;
using nlohmann::json;

constexpr std::int64_t kBatchBytes = 1 << 20;
// How long a call works on the job that it has created. Most jobs end within this time, so the answer contains the
// result.
constexpr std::chrono::milliseconds kInlineLimit{250};

// Returns the key in the header field, or else the key in the body, or else "".
std::string key_of(const Call& call, const JsonBody& body) {
    auto key = idempotency_key(call);
    if (!key) key = body.optional_text("key");
    if (key) check_key(*key);
    return key.value_or("");
}

store::JobAct act_of(const JsonBody& body) {
    if (const auto act = store::parse_job_act(body.text("act"))) return *act;
    throw Error(Code::invalid, "The field \"act\" must be trash, move, copy, restore or erase.");
}

bool keeps_both(const JsonBody& body) {
    const std::string asked = body.optional_text("on_conflict").value_or("fail");
    if (asked != "fail" && asked != "rename")
        throw Error(Code::invalid, "The field \"on_conflict\" must be fail or rename.");
    return asked == "rename";
}

app::JobRequest request_of(const Call& call, const JsonBody& body) {
    app::JobRequest request;
    request.act = act_of(body);
    request.ids = body.ulids("ids");
    request.source.folder_id = body.optional_ulid("folder_id");
    request.source.job_id = body.optional_ulid("job_id");
    request.source.failed = body.optional_boolean("failed").value_or(false);
    request.except = body.ulids("except");
    request.parent_id = body.optional_ulid("parent_id");
    request.keeps_both = keeps_both(body);
    request.key = key_of(call, body);
    return request;
}

json job_json(const store::Job& job) {
    return {{"id", job.id.text()},
            {"act", store::job_act_name(job.act)},
            {"state", store::job_state_name(job.state)},
            {"folder_id", id_or_null(job.source.folder_id)},
            {"job_id", id_or_null(job.source.job_id)},
            {"parent_id", id_or_null(job.parent_id)},
            {"total", job.total},
            {"done", job.done},
            {"failed", job.failed},
            {"created_at", job.created_at},
            {"ended_at", or_null(job.ended_at)}};
}

json item_json(const store::SeenItem& seen) {
    return {{"id", seen.item.entry_id.text()},
            {"name", or_null(seen.entry_name)},
            {"state", store::job_item_state_name(seen.item.state)},
            {"code", seen.item.code.empty() ? json(nullptr) : json(seen.item.code)},
            {"result_id", id_or_null(seen.item.result_id)}};
}

json with_items(const store::Job& job, const app::JobItemListing& listing) {
    json view = job_json(job);
    view.update(page_json(listing.items, listing.next_cursor.value_or(""), item_json));
    return view;
}

void begin(Call& call) {
    const app::Actor& actor = call.actor();
    const int limit = call.limit();
    const app::JobRequest request = request_of(call, call.json());
    store::Job job = app::begin_job(call.services(), actor, request);
    if (job.is_open()) job = app::JobRunner(call.services()).run(job.id, kInlineLimit);
    call.set_header("Location", call.urls().job(job.id));
    const int status = job.is_open() ? 202 : 200;
    const auto items = app::list_job_items(call.services(), actor, job.id, std::nullopt, std::nullopt, limit);
    call.respond_json(status, with_items(job, items));
}

void list(Call& call) {
    const auto listing = app::list_jobs(call.services(), call.actor(), call.cursor(), call.limit());
    call.respond_json(200, page_json(listing.items, listing.next_cursor.value_or(""), job_json));
}

std::optional<store::JobItemState> state_of(const Call& call) {
    const auto asked = call.query("state");
    if (!asked) return std::nullopt;
    for (const auto state : {store::JobItemState::waiting, store::JobItemState::done, store::JobItemState::failed})
        if (store::job_item_state_name(state) == *asked) return state;
    throw Error(Code::invalid, "The query parameter \"state\" must be waiting, done or failed.");
}

void show(Call& call) {
    const base::Ulid id = call.ulid("id");
    const store::Job job = app::find_job(call.services(), call.actor(), id);
    call.respond_json(200, with_items(job, app::list_job_items(call.services(), call.actor(), id, state_of(call),
                                                               call.cursor(), call.limit())));
}

void cancel(Call& call) {
    app::cancel_job(call.services(), call.actor(), call.ulid("id"));
    call.respond(204);
}

constexpr std::array kRoutes = {
    Route{"POST",
          "/api/v1/entries/batch",
          begin,
          Guard::signed_in,
          Body::json,
          {.summary = "Trash, move, copy, restore or erase many entries; 200 with the results if that is quick, else "
                      "202 with a job",
           .request = "Batch",
           .response = "JobWithItems",
           .query = "limit",
           .headers = "Idempotency-Key"},
          kBatchBytes},
    Route{"GET",
          "/api/v1/jobs",
          list,
          Guard::signed_in,
          Body::none,
          {.summary = "My jobs, newest first", .response = "JobPage", .query = "limit cursor"}},
    Route{"GET",
          "/api/v1/jobs/{id}",
          show,
          Guard::signed_in,
          Body::none,
          {.summary = "The progress of a job, and the result of each item",
           .response = "JobWithItems",
           .query = "limit cursor state"}},
    Route{"DELETE",
          "/api/v1/jobs/{id}",
          cancel,
          Guard::signed_in,
          Body::none,
          {.summary = "Cancel a job; items that are done stay done", .status = 204}},
};

}  // namespace

Routes job_routes() { return kRoutes; }

}  // namespace bodega::web
