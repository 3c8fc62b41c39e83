// The result of one check of bodega doctor, with advice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::app {

enum class Verdict : std::uint8_t { ok, warn, fail };

struct Diagnosis {
    std::string_view check;  // for example "database.latency"; has static storage
    Verdict verdict = Verdict::ok;
    std::string what;    // for example "a round trip takes 0.3 ms (p99 0.9 ms)"
    std::string advice;  // empty if the check found no problem
};

using Diagnoses = std::vector<Diagnosis>;

}  // namespace bodega::app
