// What bodega doctor found at one place: how it is, and what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::app {

enum class Verdict : std::uint8_t { ok, warn, fail };

struct Diagnosis {
    std::string_view check;  // "database.latency": of static storage
    Verdict verdict = Verdict::ok;
    std::string what;    // "a round trip takes 0.3 ms (p99 0.9 ms)"
    std::string advice;  // empty if all is well
};

using Diagnoses = std::vector<Diagnosis>;

}  // namespace bodega::app
