#include "web/call/problem.h"

#include <httplib.h>

#include <array>
#include <nlohmann/json.hpp>

namespace bodega::web {
namespace {

using base::Code;

struct Row {
    Code code;
    int status;
    std::string_view title;
};

constexpr std::array kTable = {
    Row{Code::invalid, 400, "Bad request"},
    Row{Code::name_invalid, 422, "That name can't be kept"},
    Row{Code::config_invalid, 500, "Wrong configuration"},
    Row{Code::unauthenticated, 401, "Sign in first"},
    Row{Code::forbidden, 403, "Not allowed"},
    Row{Code::cross_site, 403, "Cross-site write refused"},
    Row{Code::not_found, 404, "Not found"},
    Row{Code::gone, 410, "Gone"},
    Row{Code::conflict, 409, "Conflict"},
    Row{Code::name_taken, 409, "That name is taken"},
    Row{Code::key_reused, 422, "That key was used before"},
    Row{Code::offset_mismatch, 409, "Wrong offset"},
    Row{Code::precondition_failed, 412, "Precondition failed"},
    Row{Code::checksum_mismatch, 460, "Checksum mismatch"},
    Row{Code::too_large, 413, "Too large"},
    Row{Code::quota_exceeded, 507, "Quota exceeded"},
    Row{Code::range_not_satisfiable, 416, "Range not satisfiable"},
    Row{Code::unsupported_media, 415, "Unsupported media type"},
    Row{Code::unsupported_version, 412, "Unsupported version"},
    Row{Code::locked, 423, "Locked"},
    Row{Code::throttled, 429, "Too many attempts"},
    Row{Code::unavailable, 503, "Unavailable for now"},
    Row{Code::no_space, 507, "The disk is full"},
    Row{Code::io, 503, "The disk failed"},
    Row{Code::internal, 500, "Internal error"},
};

const Row& row_of(Code code) noexcept {
    for (const Row& row : kTable)
        if (row.code == code) return row;
    return kTable.back();
}

// Returns the text of an error for a client. Details of internal errors and paths of files go only to the log.
std::string detail_of(const base::Error& error) {
    if (error.code() == Code::io) return "The server's disk failed. Try again in a moment; the server's log says more.";
    if (error.code() == Code::no_space)
        return "The server's disk is full. Delete what is not needed; nothing was changed.";
    if (row_of(error.code()).status == 500) return "Something went wrong on the server; its log has the details.";
    return error.what();
}

}  // namespace

int status_of(Code code) noexcept { return row_of(code).status; }

std::string problem_document(const base::Error& error, const std::string& request_id, const ProblemMembers& members,
                             int status) {
    const Row& row = row_of(error.code());
    nlohmann::ordered_json document = {{"type", "about:blank"},
                                       {"title", row.title},
                                       {"status", status != 0 ? status : row.status},
                                       {"detail", detail_of(error)},
                                       {"code", base::code_name(error.code())},
                                       {"request_id", request_id}};
    for (const auto& [name, value] : members) document[name] = value;
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void respond_problem(httplib::Response& response, const base::Error& error, const std::string& request_id,
                     const ProblemMembers& members, int status) {
    response = httplib::Response();
    response.version = "HTTP/1.1";
    response.status = status != 0 ? status : status_of(error.code());
    response.body = problem_document(error, request_id, members, status);
    response.set_header("Content-Type", "application/problem+json");
    if (error.retry_after() > 0) response.set_header("Retry-After", std::to_string(error.retry_after()));
}

}  // namespace bodega::web
