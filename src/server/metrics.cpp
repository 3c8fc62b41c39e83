#include "server/metrics.h"

#include "app/jobs/job_counts.h"
#include "base/version.h"
#include "server/process_metrics.h"

namespace bodega::server {
namespace {

using base::Exposition;
using Kind = Exposition::Kind;

void write_jobs(Exposition& out, const app::JobCounts& counts) {
    out.family("bodega_job_items_total", "Items of jobs that this node worked on, by result.", Kind::counter);
    out.sample({{"result", "done"}}, counts.done.load());
    out.sample({{"result", "failed"}}, counts.failed.load());
    out.counter("bodega_jobs_taken_over_total", "Jobs that this node continued after another node was lost.",
                counts.taken_over.load());
}

void write_app(Exposition& out, const web::Server::Stats& stats, const Drain* drain) {
    const bool ready = stats.ready && !(drain && drain->is_on());
    out.gauge("bodega_app_ready", "1 while /readyz says ready, without the check of the shared folder.", ready ? 1 : 0);
    out.family("bodega_app_threads", "The app's threads, by what they do.", Kind::gauge);
    out.sample({{"state", "working"}}, stats.working);
    out.sample({{"state", "waiting"}}, stats.waiting);
    out.sample({{"state", "idle"}}, stats.idle);
    out.gauge("bodega_app_threads_limit", "Threads that may work at once, without uploads (app.threads).",
              stats.threads_limit);
    out.gauge("bodega_app_uploads", "File bodies that are being received.", stats.uploads);
    out.gauge("bodega_app_queue", "Requests that wait for a thread.", stats.queued);
}

void write_sign_ins(Exposition& out, const web::Server::Stats& stats) {
    out.family("bodega_sign_ins_total", "Sign-ins, by result; refused: after too many failures.", Kind::counter);
    out.sample({{"result", "right"}}, stats.sign_ins_right);
    out.sample({{"result", "wrong"}}, stats.sign_ins_wrong);
    out.sample({{"result", "refused"}}, stats.sign_ins_refused);
    out.counter("bodega_sign_in_lockouts_total",
                "Times that failures reached a limit, so that further sign-ins are refused.", stats.lockouts);
    out.counter("bodega_sign_ins_slowed_total", "Sign-ins of unknown devices to an account with many failures.",
                stats.slowed);
}

void write_catalog(Exposition& out, const db::Pool::Stats& stats) {
    out.family("bodega_database_connections", "Connections to the catalog's database.", Kind::gauge);
    out.sample({{"state", "busy"}}, stats.busy);
    out.sample({{"state", "idle"}}, stats.open - stats.busy);
    out.gauge("bodega_database_waiting", "Callers that wait for a connection.", stats.waiting);
    out.counter("bodega_database_wait_timeouts_total", "Callers that got no connection in time.", stats.timeouts);
    out.counter("bodega_database_reconnects_total", "Connections that replaced broken ones.", stats.reconnects);
    out.counter("bodega_database_retries_total", "Transactions that were run again.", stats.retries);
}

// Writes how many damaged files were found. The edge finds them; behind another proxy, the app does.
void write_damage(Exposition& out, const Measured& measured) {
    std::uint64_t found = measured.app ? measured.app->stats().damaged_files : 0;
    if (measured.edge) found += measured.edge->stats().damaged_files;
    out.counter("bodega_file_damaged_total",
                "Downloads refused because the file is missing or its size differs from the catalog.", found);
}

}  // namespace

void write_metrics(Exposition& out, const Measured& measured) {
    out.family("bodega_build_info", "The version of this bodega.", Kind::gauge);
    out.sample({{"version", base::version()}, {"commit", base::commit()}}, 1);
    if (measured.edge) measured.edge->write_metrics(out);
    write_damage(out, measured);
    if (measured.app) {
        const web::Server::Stats stats = measured.app->stats();
        write_app(out, stats, measured.drain);
        write_sign_ins(out, stats);
        write_jobs(out, app::job_counts());
    }
    if (measured.catalog) write_catalog(out, measured.catalog->stats());
    if (measured.fleet) measured.fleet->write_metrics(out);
    if (measured.logs) measured.logs->write_metrics(out);
    write_process_metrics(out);
}

}  // namespace bodega::server
