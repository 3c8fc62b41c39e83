// Checks a write before its bytes are received, so that a long upload is refused at its start and not at its end. The
// commit checks everything again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "app/tree/precondition.h"
#include "store/uploads/upload.h"

namespace bodega::app {

struct Preflight {
    std::string name;             // a name that clean_name returned
    std::int64_t max = 0;         // the most bytes that are accepted
    bool limit_is_quota = false;  // true if the space's free quota sets `max`, false if files.max_file does

    // Throws Error{too_large} or Error{quota_exceeded} if `size` exceeds `max`.
    void admit(std::int64_t size) const;
};

// Throws Error{forbidden} if the caller is not an editor, {conflict} if `folder` is a file, {name_invalid},
// {name_taken}, {precondition_failed}, {too_large}, {quota_exceeded}, {no_space}.
Preflight preflight_file(const Services& services, const Grant& folder, const std::string& name,
                         store::OnConflict on_conflict, const Precondition& precondition,
                         std::optional<std::int64_t> length);

}  // namespace bodega::app
