// What is asked before bytes are taken in, so that a refusal comes before a long upload and not after it. The
// commit asks all of it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/auth/authorizer.h"
#include "app/tree/precondition.h"
#include "app/services.h"
#include "store/uploads/upload.h"

namespace bodega::app {

struct Admission {
    std::string name;            // in its clean form
    std::int64_t most = 0;       // bytes that may come
    bool most_is_quota = false;  // why not more

    // Throws Error{too_large} or Error{quota_exceeded} for more than `most`.
    void admit(std::int64_t size) const;
};

// Throws Error{forbidden} unless the caller is an editor, {conflict} if `folder` is a file, {name_invalid},
// {name_taken}, {precondition_failed}, {too_large}, {quota_exceeded}, {no_space}.
Admission admit_file(const Services& services, const Grant& folder, const std::string& name,
                     store::OnConflict on_conflict, const Expected& expected, std::optional<std::int64_t> length);

}  // namespace bodega::app
