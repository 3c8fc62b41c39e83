// Formats durations and checks clocks. Pure functions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/doctor/diagnosis.h"
#include "base/clock.h"

namespace bodega::app {

using Times = std::vector<std::chrono::microseconds>;

// Returns a percentile of `times`, which is sorted in ascending order. Returns 0 if `times` is empty.
std::chrono::microseconds percentile(const Times& times, int percent);

std::string duration_text(std::chrono::microseconds time);  // for example "0.31 ms", "12 ms", "1.4 s"
std::string times_text(const Times& times);                 // for example "0.31 ms (p99 0.92 ms)"

// ahead: the milliseconds by which the checked clock is ahead of this machine's clock; may be negative.
Diagnosis check_clock(std::string_view check, const std::string& whose, base::Milliseconds ahead);

}  // namespace bodega::app
