// The one exception type of bodega, and the closed list of what can go wrong.
//
// Throw Error for what the caller can't mend; return std::optional or an enum for what is expected.
// The message is for a person: what happened, then what to do. It never holds a secret, a path of
// the server's disk or an SQL value. web/ turns a Code into an HTTP status in one place.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bodega::base {

enum class Code : std::uint8_t {
    invalid,          // malformed input: a bad field, a bad document
    name_invalid,     // a file or folder name that can't be kept exactly
    config_invalid,   // configuration or command-line usage: exit 2
    unauthenticated,  // no credential, or one that is not valid (any more)
    forbidden,        // a valid credential without the right
    cross_site,       // a write with a cookie from another origin
    not_found,
    gone,      // it existed and is gone for good (an expired upload)
    conflict,  // the state does not allow it (a folder into itself)
    name_taken,
    key_reused,           // Idempotency-Key: it came with another request before
    offset_mismatch,      // tus: Upload-Offset is not where the upload stands
    precondition_failed,  // If-Match, If-None-Match
    checksum_mismatch,
    too_large,
    quota_exceeded,
    range_not_satisfiable,
    unsupported_media,
    unsupported_version,  // tus: Tus-Resumable
    locked,               // somebody else holds the upload or the lease right now
    throttled,            // too many attempts: retry_after says how long
    unavailable,          // a dependency (database, shared directory) or capacity: try again
    no_space,             // the disk is full
    io,                   // the disk failed
    internal,             // a bug of ours
};

// The stable slug of a code, as problem+json's "code" shows it ("name_taken").
std::string_view code_name(Code code) noexcept;

class Error : public std::runtime_error {
public:
    Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}

    // retry_after: seconds after which the same call may succeed; 0 is unknown.
    Error(Code code, const std::string& message, int retry_after)
        : std::runtime_error(message), code_(code), retry_after_(retry_after) {}

    Code code() const noexcept { return code_; }
    int retry_after() const noexcept { return retry_after_; }

private:
    Code code_;
    int retry_after_ = 0;
};

// An Error from errno: ENOSPC and EDQUOT are no_space, EIO and ESTALE io, else `otherwise`.
// `doing` completes "could not …".
Error system_error(std::string_view doing, int error_number, Code otherwise = Code::internal);

}  // namespace bodega::base
