// Work on many entries that one call asked for, as rows of the catalog: the job and its items.
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
    gathering,  // its items are being written down
    running,
    done,
    cancelled,
};
std::string_view job_state_name(JobState state) noexcept;
std::optional<JobState> parse_job_state(std::string_view name) noexcept;

// Where a job's entries come from, if they were not given one by one.
struct JobSource {
    std::optional<base::Ulid> folder_id;  // all that this folder holds
    std::optional<base::Ulid> job_id;     // what that job did, or `failed` to do
    bool failed = false;

    bool is_given() const noexcept { return folder_id || job_id; }
};

struct Job {
    base::Ulid id;
    base::Ulid user_id;
    JobAct act = JobAct::trash;
    JobState state = JobState::running;
    JobSource source;
    std::optional<base::Ulid> parent_id;  // the folder that takes them; none: where each one was
    bool keeps_both = false;              // a taken name gets a number; else the item fails
    std::string address;                  // of the caller
    std::optional<base::Ulid> token_id;   // of the API token that began it; none: a session
    std::int64_t most = 0;                // items, as was settled when it began; 0: by a version that settled none
    std::int64_t total = 0;               // items
    std::int64_t numbered = 0;            // the last number that an item got
    std::optional<std::string> gathered_to;
    std::int64_t position = 0;  // the last number that was worked on
    std::int64_t done = 0;
    std::int64_t failed = 0;
    bool cancel = false;  // its owner asked for its end
    int attempts = 0;     // turns in a row in which nothing came of it
    std::optional<base::Ulid> owner;
    bool is_held = false;   // somebody works on it just now
    bool was_left = false;  // its owner's lease ended before it was given back
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
    std::string code = {};                     // of base::Code, if it failed
    std::optional<base::Ulid> result_id = {};  // the copy that was made
    std::optional<base::Ulid> parent_id = {};  // where it was before a move; of a move back that waits: where it goes
    std::optional<std::string> name = {};      // what it was called before a move that changed that
};

}  // namespace bodega::store
