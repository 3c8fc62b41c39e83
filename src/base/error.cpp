#include "base/error.h"

#include <cerrno>
#include <system_error>

#include "base/denied.h"

namespace bodega::base {

std::string_view code_name(Code code) noexcept {
    switch (code) {
        case Code::invalid: return "invalid";
        case Code::name_invalid: return "name_invalid";
        case Code::config_invalid: return "config_invalid";
        case Code::unauthenticated: return "unauthenticated";
        case Code::forbidden: return "forbidden";
        case Code::cross_site: return "cross_site";
        case Code::not_found: return "not_found";
        case Code::gone: return "gone";
        case Code::conflict: return "conflict";
        case Code::name_taken: return "name_taken";
        case Code::key_reused: return "key_reused";
        case Code::offset_mismatch: return "offset_mismatch";
        case Code::precondition_failed: return "precondition_failed";
        case Code::checksum_mismatch: return "checksum_mismatch";
        case Code::too_large: return "too_large";
        case Code::quota_exceeded: return "quota_exceeded";
        case Code::range_not_satisfiable: return "range_not_satisfiable";
        case Code::unsupported_media: return "unsupported_media";
        case Code::unsupported_version: return "unsupported_version";
        case Code::locked: return "locked";
        case Code::throttled: return "throttled";
        case Code::unavailable: return "unavailable";
        case Code::no_space: return "no_space";
        case Code::io: return "io";
        case Code::internal: return "internal";
    }
    return "internal";
}

Error system_error(std::string_view doing, int error_number, Code otherwise) {
    Code code = otherwise;
    if (error_number == ENOSPC || error_number == EDQUOT) code = Code::no_space;
    if (error_number == EIO || error_number == ESTALE) code = Code::io;
    std::string message = "could not ";
    // A config_invalid error is for the operator, so its message may name accounts. Clients may see the other errors.
    const bool mendable = code == Code::config_invalid;
    message.append(doing).append(": ").append(mendable ? denied_text(error_number)
                                                       : std::generic_category().message(error_number));
    return Error(code, message);
}

}  // namespace bodega::base
