// Turns errors into problem+json (RFC 9457). Contains the only table from base::Code to an HTTP status.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

int status_of(base::Code code) noexcept;

// Names and values of additional members of a document, such as "existing_id".
using ProblemMembers = std::vector<std::pair<std::string, std::string>>;

// Returns the document's text: {type, title, status, detail, code, request_id} and then the members. If the status is
// 0, the error's code determines it.
std::string problem_document(const base::Error& error, const std::string& request_id,
                             const ProblemMembers& members = {}, int status = 0);

// Replaces `response` with the answer to `error`. The answer has Retry-After if the error has a time to wait.
void respond_problem(httplib::Response& response, const base::Error& error, const std::string& request_id,
                     const ProblemMembers& members = {}, int status = 0);

}  // namespace bodega::web
