#include "edge/exchange/answer.h"

#include <string>

#include "base/error.h"
#include "base/log.h"
#include "edge/exchange/error_pages.h"
#include "http/status.h"

namespace bodega::edge {
namespace {

base::Code code_of(int status) noexcept {
    switch (status) {
        case 404: return base::Code::not_found;
        case 413: return base::Code::too_large;
        case 416: return base::Code::range_not_satisfiable;
        case 429: return base::Code::throttled;
        case 502:
        case 503:
        case 504: return base::Code::unavailable;
        default: return status < 500 ? base::Code::invalid : base::Code::internal;
    }
}

std::string problem(const Exchange& x, int status, std::string_view reason) {
    std::string body = R"({"type":"about:blank","title":")";
    body.append(http::reason_phrase(status)).append(R"(","status":)").append(std::to_string(status));
    body.append(R"(,"detail":)");
    base::log::append_json_string(body, reason);
    body.append(R"(,"code":")").append(base::code_name(code_of(status)));
    return body.append(R"(","request_id":")").append(x.request_id()).append("\"}\n");
}

constexpr std::string_view kProblem = "Content-Type: application/problem+json\r\n";
constexpr std::string_view kBuiltInPage =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
// The Content-Security-Policy of an operator's error page. The page belongs to this origin, so the policy forbids
// scripts and requests.
constexpr std::string_view kOperatorPage =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n";

const std::string* operator_page(const Exchange& x, int status) {
    return x.error_pages() ? x.error_pages()->find(status) : nullptr;
}

// Requires: `reason` is one of the edge's own texts, since it is not escaped.
std::string page(const Exchange& x, int status, std::string_view reason) {
    std::string title = std::to_string(status) + " " + std::string(http::reason_phrase(status));
    std::string body =
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + title + "</title>\n<h1>";
    body.append(title).append("</h1>\n<p>").append(reason);
    return body.append("</p>\n<p>Request ").append(x.request_id()).append("</p>\n</html>\n");
}

void send(Exchange& x, int status, std::string_view fields, std::string_view body) {
    Answer answer;
    answer.status = status;
    answer.fields = fields;
    answer.length = body.size();
    x.begin(answer);
    x.append(body);
    x.finish();
}

}  // namespace

void answer_error(Exchange& x, int status, std::string_view reason, int retry_after, std::string_view extra) {
    const bool api = x.is_for_api();
    const std::string* own = api ? nullptr : operator_page(x, status);
    std::string fields(own ? kOperatorPage : api ? kProblem : kBuiltInPage);
    fields += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    if (retry_after > 0) fields.append("Retry-After: ").append(std::to_string(retry_after)).append("\r\n");
    fields += extra;
    if (own) send(x, status, fields, with_request_id(*own, x.request_id()));
    else send(x, status, fields, api ? problem(x, status, reason) : page(x, status, reason));
}

void answer_text(Exchange& x, int status, std::string_view text) {
    send(x, status,
         "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
         text);
}

}  // namespace bodega::edge
