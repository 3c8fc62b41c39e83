#include "edge/proxy/forward_head.h"

#include <algorithm>
#include <vector>

#include "base/upload_conversation.h"
#include "edge/proxy/spool.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// True for fields of the client that may be sent to an upstream.
bool passes_to_upstream(const http::Field& field) noexcept {
    switch (field.id) {
        case http::Name::bodega_body:
        case http::Name::content_length:
        case http::Name::expect:
        case http::Name::forwarded:
        case http::Name::host:
        case http::Name::http2_settings:
        case http::Name::proxy:
        case http::Name::x_accel:
        case http::Name::x_accel_buffering:
        case http::Name::x_accel_redirect:
        case http::Name::x_accel_size:
        case http::Name::x_forwarded:
        case http::Name::x_real_ip:
        case http::Name::x_request_id:
        case http::Name::spoofed: return false;
        default: return !http::is_hop_by_hop(field.id);
    }
}

bool passes_to_client(const http::Field& field, BodyFrom body) noexcept {
    switch (field.id) {
        case http::Name::bodega_body:
        case http::Name::content_length:
        case http::Name::x_accel:
        case http::Name::x_accel_buffering:
        case http::Name::x_accel_redirect:
        case http::Name::x_accel_size:
        case http::Name::x_request_id:
        case http::Name::spoofed: return false;
        case http::Name::accept_ranges:
        case http::Name::content_range:
        case http::Name::content_type: return body == BodyFrom::upstream;
        default: return !http::is_hop_by_hop(field.id);
    }
}

// Appends the fields that the client gets. Returns true if Date is among them.
bool append_passing(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out) {
    bool has_date = false;
    for (const http::Field& field : head.fields) {
        if (!passes_to_client(field, body)) continue;
        if (head.has_connection_names && http::connection_lists(head.fields, field.name)) continue;
        if (rules && !rules->passes(field.name)) continue;
        has_date = has_date || field.id == http::Name::date;
        append_line(out, field.name, field.value);
    }
    return has_date;
}

void append_framing(std::string& out, const http::Framing& body, http::Method method) {
    if (body.kind == http::Framing::Kind::chunked) out += "Transfer-Encoding: chunked\r\n";
    else if (body.kind == http::Framing::Kind::length) append_line(out, "Content-Length", std::to_string(body.length));
    // A request without a body says "Content-Length: 0" if its method usually has a body (RFC 9110 section 8.6).
    else if (method == http::Method::post || method == http::Method::put || method == http::Method::patch)
        out += "Content-Length: 0\r\n";
}

http::Framing framing_of(const Outgoing& body, const http::RequestHead& request) {
    if (body.is_message) return {};
    if (!body.whole) return request.body;
    return {http::Framing::Kind::length, body.file ? body.file->size() : body.bytes.size()};
}

bool asks_to_upgrade(const Exchange& x) {
    const http::RequestHead& request = x.request();
    return x.can_switch() && request.method == http::Method::get && request.minor >= 1 &&
           request.body.kind == http::Framing::Kind::none && request.has_connection_names &&
           http::connection_lists(request.fields, "upgrade") &&
           http::only_field(request.fields, http::Name::upgrade).has_value();
}

bool is_among(const std::vector<std::string>& names, std::string_view name) noexcept {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& one) { return http::equal_ignoring_case(one, name); });
}

}  // namespace

std::string upgrades_to_pass(const Exchange& x, const ConfiguredRoute& rule) {
    std::string out;
    if (!asks_to_upgrade(x) || !rule.request.passes("Upgrade")) return out;
    std::string_view list = *http::only_field(x.request().fields, http::Name::upgrade);
    while (auto element = http::next_element(list))
        if (is_among(rule.upgrades, *element)) out.append(out.empty() ? "" : ", ").append(*element);
    return out;
}

std::string forwarded_head(const Exchange& x, const Forwarding& how) {
    const http::RequestHead& request = x.request();
    const HeaderRules* rules = how.rule && !how.rule->request.empty() ? &how.rule->request : nullptr;
    std::string out;
    out.reserve(1024);
    out.append(request.method_name).append(" ");
    out.append(how.target.empty() ? request.target : how.target).append(" HTTP/1.1\r\n");
    append_line(out, "Host", how.host.empty() ? request.host : how.host);
    for (const http::Field& field : request.fields) {
        if (!passes_to_upstream(field)) continue;
        if (request.has_connection_names && http::connection_lists(request.fields, field.name)) continue;
        if (rules && !rules->passes(field.name)) continue;
        append_line(out, field.name, field.value);
    }
    append_framing(out, how.body ? framing_of(*how.body, request) : request.body, request.method);
    auto append_own = [&](std::string_view name, std::string_view value) {
        if (!rules || rules->passes(name)) append_line(out, name, value);
    };
    append_own("X-Forwarded-For", x.address());
    append_own("X-Forwarded-Proto", x.scheme());
    append_own("X-Forwarded-Host", x.asked_host());
    append_own("X-Real-IP", x.address());
    append_own("X-Request-Id", x.request_id());
    if (!how.upgrade.empty()) {
        out += "Connection: upgrade\r\n";
        append_line(out, "Upgrade", how.upgrade);
    }
    if (rules) out += rules->lines();
    if (how.to_app) out += "X-Accel-Capable: 1\r\n";
    if (how.body && !how.body->conversation.empty()) append_line(out, base::kConversationField, how.body->conversation);
    return out += "\r\n";
}

void append_answer_fields(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out,
                          bool& has_date) {
    has_date = append_passing(head, body, rules, out) || has_date;
    if (rules) out += rules->lines();
}

void append_interim_fields(const http::ResponseHead& head, const HeaderRules* rules, std::string& out) {
    append_passing(head, BodyFrom::upstream, rules, out);
}

void append_upgrade(const http::ResponseHead& head, std::string& out) {
    auto protocols = http::only_field(head.fields, http::Name::upgrade);
    if (!protocols) return;
    out += "Connection: upgrade\r\n";
    append_line(out, "Upgrade", *protocols);
}

}  // namespace bodega::edge
