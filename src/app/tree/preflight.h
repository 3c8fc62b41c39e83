// Checks a write before its bytes are received, so that a refusal comes before a long upload and not after it. The
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
    std::string name;            // as clean_name returned it
    std::int64_t most = 0;       // the most bytes that may come
    bool most_is_quota = false;  // true: `most` is the space's free quota; false: it is files.max_file

    // Throws Error{too_large} or Error{quota_exceeded} if `size` is more than `most`.
    void admit(std::int64_t size) const;
};

// Throws Error{forbidden} unless the caller is an editor, {conflict} if `folder` is a file, {name_invalid},
// {name_taken}, {precondition_failed}, {too_large}, {quota_exceeded}, {no_space}.
Preflight preflight_file(const Services& services, const Grant& folder, const std::string& name,
                         store::OnConflict on_conflict, const Precondition& precondition,
                         std::optional<std::int64_t> length);

}  // namespace bodega::app
