// Mistakes in a configuration, one line each. By its policy, an object throws the first mistake, or collects all of
// them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace bodega::config {

class Problems {
public:
    enum class Policy { thrown, kept };

    explicit Problems(Policy policy) noexcept : kept_(policy == Policy::kept) {}

    // Throws Error{config_invalid} with the line, or keeps the line, as the policy says.
    void add(std::string line) {
        if (!kept_) throw base::Error(base::Code::config_invalid, line);
        lines_.push_back(std::move(line));
    }

    // Runs a step. If it fails, its error becomes one problem, and the caller can try the next step.
    template <class Step>
    void attempt(Step&& step) {
        if (!kept_) return std::forward<Step>(step)();
        try {
            std::forward<Step>(step)();
        } catch (const base::Error& error) {
            lines_.emplace_back(error.what());
        }
    }

    const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    const bool kept_;
    std::vector<std::string> lines_;
};

}  // namespace bodega::config
