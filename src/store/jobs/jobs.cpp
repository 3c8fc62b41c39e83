#include "store/jobs/jobs.h"

#include <algorithm>

#include "store/sql_text.h"

namespace bodega::store {
namespace {

// True if the job has no owner now: its lease has ended, or ends later than any lease can (60 s), because the clock was
// set back.
constexpr std::string_view kFree = "(lease_until <= {now} OR lease_until > {now} + 60000) ";
constexpr std::string_view kColumns =
    "SELECT id, user_id, act, state, folder_id, source_id, source_failed, parent_id, on_conflict, address, total, "
    "numbered, gathered_to, position, done, failed, cancel, attempts, owner, "
    "CASE WHEN lease_until <= 0 THEN 0 WHEN ";
constexpr std::string_view kMoreColumns =
    "THEN 1 ELSE 2 END, created_at, ended_at, token_id, COALESCE(most_items, 0) "
    "FROM jobs ";
constexpr std::string_view kSelect = kJoined<kColumns, kFree, kMoreColumns>;
constexpr std::string_view kById = "WHERE id = ?";
constexpr std::string_view kLocked = "WHERE id = ?{for_update}";
constexpr std::string_view kOfUser = "WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?";

constexpr db::Sql kInsert{"jobs.insert",
                          "INSERT INTO jobs (id, user_id, request_key, request_hash, act, state, folder_id, source_id, "
                          "source_failed, parent_id, on_conflict, address, total, numbered, token_id, most_items, "
                          "turn_at, created_at) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {now}, {now})"};
constexpr db::Sql kFind{"jobs.find", kJoined<kSelect, kById>};
constexpr db::Sql kLock{"jobs.lock", kJoined<kSelect, kLocked>};
constexpr db::Sql kList{"jobs.list", kJoined<kSelect, kOfUser>};
constexpr db::Sql kFindKey{"jobs.find_key", "SELECT id, request_hash FROM jobs WHERE user_id = ? AND request_key = ?"};
constexpr db::Sql kCounts{"jobs.counts",
                          "SELECT COUNT(*), COUNT(*) - COUNT(ended_at), CAST(COALESCE(SUM(total), 0) AS SIGNED) "
                          "FROM jobs WHERE user_id = ?"};
constexpr std::string_view kIdOfOpen = "SELECT id FROM jobs WHERE ended_at IS NULL AND ";
constexpr std::string_view kInTurn = "ORDER BY turn_at LIMIT 1";
constexpr db::Sql kNext{"jobs.next", kJoined<kIdOfOpen, kFree, kInTurn>};
constexpr std::string_view kOwn =
    "UPDATE jobs SET owner = ?, lease_until = {now} + ?, attempts = attempts + 1 "
    "WHERE id = ? AND ended_at IS NULL AND ";
constexpr db::Sql kTake{"jobs.take", kJoined<kOwn, kFree>};
constexpr db::Sql kRelease{"jobs.release",
                           "UPDATE jobs SET lease_until = 0, turn_at = {now} WHERE id = ? AND owner = ?"};
constexpr db::Sql kAdvance{"jobs.advance",
                           "UPDATE jobs SET state = ?, total = ?, numbered = ?, gathered_to = ?, position = ?, "
                           "done = ?, failed = ?, attempts = 0, lease_until = {now} + ? WHERE id = ?"};
constexpr db::Sql kSetTotal{"jobs.set_total", "UPDATE jobs SET total = ? WHERE id = ?"};
constexpr db::Sql kAskEnd{"jobs.ask_end", "UPDATE jobs SET cancel = 1 WHERE id = ?"};
constexpr db::Sql kEnd{"jobs.end", "UPDATE jobs SET state = ?, ended_at = {now}, lease_until = 0 WHERE id = ?"};
constexpr db::Sql kIsKept{"jobs.is_kept",
                          "SELECT 1 FROM jobs WHERE id = ? AND (ended_at IS NULL OR ended_at >= {now} - ?)"};
constexpr std::string_view kOfEnded = "SELECT j.id FROM jobs j WHERE j.ended_at < {now} - ? ";
constexpr std::string_view kOfNoSource =
    "AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.ended_at IS NULL AND o.source_id = j.id) ";
constexpr std::string_view kOldestFirst = "ORDER BY j.ended_at LIMIT 1";
constexpr std::string_view kThis = "AND j.id = ?";
constexpr db::Sql kFindEnded{"jobs.find_ended", kJoined<kOfEnded, kOfNoSource, kOldestFirst>};
constexpr db::Sql kMayForget{"jobs.may_forget", kJoined<kOfEnded, kOfNoSource, kThis>};
constexpr db::Sql kOldestOfNewest{
    "jobs.oldest_of_newest",
    "SELECT MIN(n.id) FROM (SELECT id FROM jobs WHERE user_id = ? ORDER BY id DESC LIMIT ?) n"};
constexpr db::Sql kExpire{"jobs.expire",
                          "UPDATE jobs SET ended_at = 0 WHERE user_id = ? AND id < ? AND ended_at IS NOT NULL"};
constexpr db::Sql kRemove{"jobs.remove", "DELETE FROM jobs WHERE id = ?"};
constexpr db::Sql kFigures{"jobs.figures",
                           "SELECT COUNT(*), COALESCE({now} - MIN(created_at), 0) FROM jobs WHERE ended_at IS NULL"};

constexpr base::Ulid kLast{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};

constexpr std::string_view kRename = "rename", kFail = "fail";

std::optional<std::string> optional_text(const db::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional<std::string>(row.text(column));
}

Job read_job(const db::Statement& row) {
    Job job;
    job.id = row.ulid(0);
    job.user_id = row.ulid(1);
    job.act = parse_job_act(row.text(2)).value_or(JobAct::trash);
    job.state = parse_job_state(row.text(3)).value_or(JobState::cancelled);
    job.source = {row.optional_ulid(4), row.optional_ulid(5), row.int64(6) != 0};
    job.parent_id = row.optional_ulid(7);
    job.keeps_both = row.text(8) == kRename;
    job.address = row.text(9);
    job.total = row.int64(10);
    job.numbered = row.int64(11);
    job.gathered_to = optional_text(row, 12);
    job.position = row.int64(13);
    job.done = row.int64(14);
    job.failed = row.int64(15);
    job.cancel = row.int64(16) != 0;
    job.attempts = static_cast<int>(row.int64(17));
    job.owner = row.optional_ulid(18);
    job.is_held = row.int64(19) == 2;
    job.was_left = row.int64(19) == 1;
    job.created_at = row.int64(20);
    job.ended_at = row.optional_int64(21);
    job.token_id = row.optional_ulid(22);
    job.max = row.int64(23);
    return job;
}

std::optional<Job> only_job(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    Job job = read_job(row);
    row.reset();
    return job;
}

std::optional<base::Ulid> only_id(db::Statement& row) {
    std::optional<base::Ulid> id;
    if (row.next()) id = row.ulid(0);
    row.reset();
    return id;
}

}  // namespace

db::Outcome Jobs::insert(const Job& job, std::string_view key, const RequestHash& hash) {
    return connection_
        .execute(kInsert,
                 {job.id, job.user_id, key, db::Blob{hash}, job_act_name(job.act), job_state_name(job.state),
                  job.source.folder_id, job.source.job_id, job.source.failed, job.parent_id,
                  job.keeps_both ? kRename : kFail, job.address, job.total, job.numbered, job.token_id, job.max})
        .outcome;
}

std::optional<Job> Jobs::find(const base::Ulid& id) { return only_job(connection_.query(kFind, {id})); }

std::optional<Job> Jobs::lock(const base::Ulid& id) { return only_job(connection_.query(kLock, {id})); }

std::optional<KeyedJob> Jobs::find_key(const base::Ulid& user_id, std::string_view key) {
    auto& row = connection_.query(kFindKey, {user_id, key});
    if (!row.next()) return std::nullopt;
    KeyedJob found{row.ulid(0), {}};
    const std::string_view hash = row.text(1);
    std::copy_n(hash.begin(), std::min(hash.size(), found.hash.size()), found.hash.begin());
    row.reset();
    return found;
}

std::vector<Job> Jobs::list(const base::Ulid& user_id, const std::optional<base::Ulid>& before, int limit) {
    std::vector<Job> out;
    auto& row = connection_.query(kList, {user_id, before.value_or(kLast), limit});
    while (row.next()) out.push_back(read_job(row));
    return out;
}

Jobs::Counts Jobs::counts(const base::Ulid& user_id) {
    Counts counts;
    auto& row = connection_.query(kCounts, {user_id});
    if (row.next()) counts = {row.int64(1), row.int64(0), row.int64(2)};
    row.reset();
    return counts;
}

std::optional<base::Ulid> Jobs::next() { return only_id(connection_.query(kNext)); }

bool Jobs::take(const base::Ulid& id, const base::Ulid& owner, base::Milliseconds lifetime) {
    return connection_.execute(kTake, {owner, lifetime, id}).rows > 0;
}

void Jobs::release(const base::Ulid& id, const base::Ulid& owner) { connection_.execute(kRelease, {id, owner}); }

void Jobs::advance(const Job& job, base::Milliseconds lifetime) {
    connection_.execute(kAdvance, {job_state_name(job.state), job.total, job.numbered, job.gathered_to, job.position,
                                   job.done, job.failed, lifetime, job.id});
}

void Jobs::set_total(const base::Ulid& id, std::int64_t total) { connection_.execute(kSetTotal, {total, id}); }

void Jobs::ask_end(const base::Ulid& id) { connection_.execute(kAskEnd, {id}); }

void Jobs::end(const base::Ulid& id, JobState state) { connection_.execute(kEnd, {job_state_name(state), id}); }

bool Jobs::is_kept(const base::Ulid& id, base::Milliseconds keep) {
    auto& row = connection_.query(kIsKept, {id, keep});
    const bool kept = row.next();
    row.reset();
    return kept;
}

std::optional<base::Ulid> Jobs::find_ended(base::Milliseconds keep) {
    return only_id(connection_.query(kFindEnded, {keep}));
}

bool Jobs::may_forget(const base::Ulid& id, base::Milliseconds keep) {
    return only_id(connection_.query(kMayForget, {keep, id})).has_value();
}

void Jobs::expire_beyond(const base::Ulid& user_id, int max) {
    auto& row = connection_.query(kOldestOfNewest, {user_id, max});
    std::optional<base::Ulid> oldest;
    if (row.next()) oldest = row.optional_ulid(0);
    row.reset();
    if (oldest) connection_.execute(kExpire, {user_id, *oldest});
}

void Jobs::remove(const base::Ulid& id) { connection_.execute(kRemove, {id}); }

Jobs::Figures Jobs::figures() {
    Figures figures;
    auto& row = connection_.query(kFigures);
    if (row.next()) figures = {row.int64(0), row.int64(1)};
    row.reset();
    return figures;
}

}  // namespace bodega::store
