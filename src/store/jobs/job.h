// A job (one call's action on many entries) and its items, as rows of the catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::store {

enum class JobAct : std::uint8_t { trash, move, copy, restore, erase };
std::string_view job_act_name(JobAct act) noexcept;
std::optional<JobAct> parse_job_act(std::string_view name) noexcept;

enum class JobState : std::uint8_t {
    gathering,  // its items are being recorded
    running,
    done,
    cancelled,
};
std::string_view job_state_name(JobState state) noexcept;
std::optional<JobState> parse_job_state(std::string_view name) noexcept;

// The source of a job's entries, if the call did not list them.
struct JobSource {
    std::optional<base::Ulid> folder_id;  // everything in this folder
    std::optional<base::Ulid> job_id;     // the entries of this earlier job; if `failed`, only those on which it failed
    bool failed = false;

    bool is_given() const noexcept { return folder_id || job_id; }
};

struct Job {
    base::Ulid id;
    base::Ulid user_id;
    JobAct act = JobAct::trash;
    JobState state = JobState::running;
    JobSource source;
    std::optional<base::Ulid> parent_id;  // the target folder; nullopt: each entry's former parent
    bool keeps_both = false;              // true: if the name is taken, the entry gets a number; false: the item fails
    std::string address;                  // network address of the caller
    std::optional<base::Ulid> token_id;   // the API token that created the job; nullopt: a session created it
    std::int64_t max = 0;                 // maximum number of items; 0: a version without this limit created the job
    std::int64_t total = 0;               // number of items
    std::int64_t numbered = 0;            // the number of the last item
    std::optional<std::string> gathered_to;
    std::int64_t position = 0;  // the number of the last processed item
    std::int64_t done = 0;
    std::int64_t failed = 0;
    bool cancel = false;  // the job's user asked to cancel it
    int attempts = 0;     // how many runners in a row took the job and made no progress
    std::optional<base::Ulid> owner;
    bool is_held = false;   // a runner works on it now
    bool was_left = false;  // the runner's lease ended before the runner released the job
    base::Milliseconds created_at = 0;
    std::optional<base::Milliseconds> ended_at;

    bool is_open() const noexcept { return !ended_at; }
};

enum class JobItemState : std::uint8_t { waiting = 0, done = 1, failed = 2, left_out = 3 };
std::string_view job_item_state_name(JobItemState state) noexcept;

struct JobItem {
    std::int64_t number = 0;
    base::Ulid entry_id;
    JobItemState state = JobItemState::waiting;
    std::string code = {};                     // base::Code of a failed item
    std::optional<base::Ulid> result_id = {};  // the copy that was created
    // The entry's parent before the move. For an item that is to be moved back: the folder to which it returns.
    std::optional<base::Ulid> parent_id = {};
    std::optional<std::string> name = {};  // the entry's name before the move, if the move changed it
};

}  // namespace bodega::store
