// bodega's only exception type, and the closed list of error codes.
//
// Throw Error for a failure that the caller can't fix. Return std::optional or an enum for a result that the caller
// expects. The message is for a person: it says what happened, then what to do. It never holds a secret, a path on the
// server's disk or an SQL value. web/ maps a Code to an HTTP status in one place.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bodega::base {

enum class Code : std::uint8_t {
    invalid,          // malformed input, such as a bad field or a bad document
    name_invalid,     // a file or folder name that can't be stored exactly
    config_invalid,   // wrong configuration or command line; the process exits with status 2
    unauthenticated,  // no credential, or an invalid or expired one
    forbidden,        // a valid credential that lacks the right
    cross_site,       // a page of another origin sent a write with a cookie
    not_found,
    gone,      // the object existed once and will not exist again (an expired upload)
    conflict,  // the current state does not allow the operation (moving a folder into itself)
    name_taken,
    key_reused,           // Idempotency-Key: the key was already used for another request
    offset_mismatch,      // tus: Upload-Offset differs from the upload's offset
    precondition_failed,  // If-Match or If-None-Match is not fulfilled
    checksum_mismatch,
    too_large,
    quota_exceeded,
    range_not_satisfiable,
    unsupported_media,
    unsupported_version,  // tus: the version in Tus-Resumable is not supported
    locked,               // another caller holds the upload or the lease
    throttled,            // too many attempts; retry_after says how long to wait
    unavailable,          // a dependency (database, shared folder) is down or at its limit; retry later
    no_space,             // the disk is full
    io,                   // the disk failed
    internal,             // a bug in bodega
};

// The stable name of a code, as in problem+json's "code" ("name_taken").
std::string_view code_name(Code code) noexcept;

class Error : public std::runtime_error {
public:
    Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}

    // retry_after: seconds after which the same call may succeed; 0: unknown.
    Error(Code code, const std::string& message, int retry_after)
        : std::runtime_error(message), code_(code), retry_after_(retry_after) {}

    Code code() const noexcept { return code_; }
    int retry_after() const noexcept { return retry_after_; }

private:
    Code code_;
    int retry_after_ = 0;
};

// Makes an Error from errno: ENOSPC and EDQUOT become no_space, EIO and ESTALE io, all others `otherwise`. `doing`
// completes "could not …".
Error system_error(std::string_view doing, int error_number, Code otherwise = Code::internal);

}  // namespace bodega::base
