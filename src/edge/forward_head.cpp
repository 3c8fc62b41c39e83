#include "edge/forward_head.h"

namespace bodega::edge {
namespace {

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// What a client may say to the app.
bool passes_to_app(const Field& field) noexcept {
    switch (field.id) {
        case Name::content_length:
        case Name::expect:
        case Name::forwarded:
        case Name::host:
        case Name::proxy:
        case Name::x_accel:
        case Name::x_accel_buffering:
        case Name::x_accel_redirect:
        case Name::x_forwarded:
        case Name::x_real_ip:
        case Name::x_request_id:
        case Name::spoofed: return false;
        default: return !is_hop_by_hop(field.id);
    }
}

bool passes_to_client(const Field& field, BodyFrom body) noexcept {
    switch (field.id) {
        case Name::content_length:
        case Name::x_accel:
        case Name::x_accel_buffering:
        case Name::x_accel_redirect:
        case Name::x_request_id:
        case Name::spoofed: return false;
        case Name::accept_ranges:
        case Name::content_range:
        case Name::content_type: return body == BodyFrom::upstream;
        default: return !is_hop_by_hop(field.id);
    }
}

void append_framing(std::string& out, const Framing& body, Method method) {
    if (body.kind == Framing::Kind::chunked) out += "Transfer-Encoding: chunked\r\n";
    else if (body.kind == Framing::Kind::length) append_line(out, "Content-Length", std::to_string(body.length));
    // RFC 9110 section 8.6: a method that means a body announces that there is none.
    else if (method == Method::post || method == Method::put || method == Method::patch) out += "Content-Length: 0\r\n";
}

}  // namespace

std::string request_to_app(const Exchange& x) {
    const RequestHead& request = x.request();
    std::string out;
    out.reserve(1024);
    out.append(request.method_name).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    append_line(out, "Host", request.host);
    for (const Field& field : request.fields) {
        if (!passes_to_app(field)) continue;
        if (request.has_connection_names && connection_lists(request.fields, field.name)) continue;
        append_line(out, field.name, field.value);
    }
    append_framing(out, request.body, request.method);
    append_line(out, "X-Forwarded-For", x.address());
    append_line(out, "X-Forwarded-Proto", x.scheme());
    append_line(out, "X-Forwarded-Host", x.asked_host());
    append_line(out, "X-Real-IP", x.address());
    append_line(out, "X-Request-Id", x.request_id());
    out += "X-Accel-Capable: 1\r\n\r\n";
    return out;
}

void append_answer_fields(const ResponseHead& head, BodyFrom body, std::string& out, bool& has_date) {
    for (const Field& field : head.fields) {
        if (!passes_to_client(field, body)) continue;
        if (head.has_connection_names && connection_lists(head.fields, field.name)) continue;
        if (field.id == Name::date) has_date = true;
        append_line(out, field.name, field.value);
    }
}

}  // namespace bodega::edge
