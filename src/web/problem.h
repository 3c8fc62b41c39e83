// Errors as RFC 9457 problem+json, and the one table from base::Code to an HTTP status.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

int status_of(base::Code code) noexcept;

// An error whose document has members of its own beside the standard ones ("existing_id").
class Problem : public base::Error {
public:
    using Members = std::vector<std::pair<std::string, std::string>>;
    Problem(base::Code code, const std::string& message, Members members)
        : base::Error(code, message), members_(std::move(members)) {}
    const Members& members() const noexcept { return members_; }

private:
    Members members_;
};

// The document's text: {type, title, status, detail, code, request_id} and the members. A status of 0 is its code's.
std::string problem_document(const base::Error& error, const std::string& request_id, int status = 0);

// Makes `response` the answer to `error`, with Retry-After where it is known. What was answered before is gone.
void respond_problem(httplib::Response& response, const base::Error& error, const std::string& request_id,
                     int status = 0);

}  // namespace bodega::web
