// Turns errors into RFC 9457 problem+json. Holds the one table from base::Code to an HTTP status.
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

// Extra members of a document: name and value ("existing_id").
using ProblemMembers = std::vector<std::pair<std::string, std::string>>;

// Returns the document's text: {type, title, status, detail, code, request_id} and the members. Status 0: the error
// code's.
std::string problem_document(const base::Error& error, const std::string& request_id,
                             const ProblemMembers& members = {}, int status = 0);

// Replaces `response` with the answer to `error`, with Retry-After if the error has one.
void respond_problem(httplib::Response& response, const base::Error& error, const std::string& request_id,
                     const ProblemMembers& members = {}, int status = 0);

}  // namespace bodega::web
