#include "store/jobs/job.h"

#include <array>
#include <utility>

namespace bodega::store {
namespace {

template <class Value>
struct Name {
    Value value;
    std::string_view name;
};

constexpr std::array<Name<JobAct>, 5> kActs{{{JobAct::trash, "trash"},
                                             {JobAct::move, "move"},
                                             {JobAct::copy, "copy"},
                                             {JobAct::restore, "restore"},
                                             {JobAct::erase, "erase"}}};
constexpr std::array<Name<JobState>, 4> kStates{{{JobState::gathering, "gathering"},
                                                 {JobState::running, "running"},
                                                 {JobState::done, "done"},
                                                 {JobState::cancelled, "cancelled"}}};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) noexcept {
    return table[static_cast<std::size_t>(value)].name;
}

template <class Table>
auto find_in(const Table& table, std::string_view name) noexcept -> std::optional<decltype(table[0].value)> {
    for (const auto& row : table)
        if (row.name == name) return row.value;
    return std::nullopt;
}

}  // namespace

std::string_view job_act_name(JobAct act) noexcept { return name_in(kActs, act); }

std::optional<JobAct> parse_job_act(std::string_view name) noexcept { return find_in(kActs, name); }

std::string_view job_state_name(JobState state) noexcept { return name_in(kStates, state); }

std::optional<JobState> parse_job_state(std::string_view name) noexcept { return find_in(kStates, name); }

std::string_view job_item_state_name(JobItemState state) noexcept {
    constexpr std::array<std::string_view, 4> kNames{"waiting", "done", "failed", "left_out"};
    return kNames[static_cast<std::size_t>(state)];
}

}  // namespace bodega::store
