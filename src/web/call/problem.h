// Errors as RFC 9457 problem+json, and the one table from base::Code to an HTTP status.
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

// Members of a document beside the standard ones: name and value ("existing_id").
using ProblemMembers = std::vector<std::pair<std::string, std::string>>;

// The document's text: {type, title, status, detail, code, request_id} and the members. A status of 0 is its code's.
std::string problem_document(const base::Error& error, const std::string& request_id,
                             const ProblemMembers& members = {}, int status = 0);

// Makes `response` the answer to `error`, with Retry-After where it is known. What was answered before is gone.
void respond_problem(httplib::Response& response, const base::Error& error, const std::string& request_id,
                     const ProblemMembers& members = {}, int status = 0);

}  // namespace bodega::web
