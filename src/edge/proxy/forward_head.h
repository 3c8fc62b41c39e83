// Writes the heads that a proxy sends: the request's head to the upstream, and the answer's fields to the client.
//
// Three kinds of received fields are never forwarded: framing fields, hop-by-hop fields (including those that
// Connection names, RFC 9110 section 7.6.1) and internal fields. The proxy adds its own fields after that, so a client
// can't remove them by naming them in Connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/routing/configured_routes.h"
#include "http/message.h"

namespace bodega::edge {

class SpoolFile;

// A request's body for the upstream, which the edge has already read completely or in part.
struct Outgoing {
    // Sent before the rest of the exchange's body. Requires: the bytes outlive the request.
    std::string_view bytes;
    // True if `bytes` or `file` is the complete body, so that nothing more is read from the exchange.
    bool whole = false;
    // If not null, the body is in this file, and `bytes` is empty. WholeBody also owns the file.
    std::shared_ptr<SpoolFile> file;

    // The id of the request's conversation with the app (base/upload_conversation.h), or empty. With an id, the app may
    // reply in the conversation instead of answering the client.
    std::string_view conversation;
    bool is_message = false;  // true: the request carries a message of the conversation instead of a body

    // Decides when a message is sent a second time. In that case the client gets no answer to the first attempt.
    enum class Retry : std::uint8_t {
        no,
        unheard,      // if the app did not get the message or did not answer
        unavailable,  // also if the app answered 503: it could not process the message
    };
    Retry retry = Retry::no;

    // --- results, which Proxy::handle() sets
    bool has_reply = false;  // true: the app replied in the conversation, so the client has no answer yet
    bool is_lost = false;    // true: the caller has to send the message again, as `retry` says
};

// Tells forwarded_head() how to change a request.
struct Forwarding {
    std::string_view target;                // the request target; if empty, the target that the client sent
    std::string_view host;                  // the Host field; if empty, the Host that the client sent
    const ConfiguredRoute* rule = nullptr;  // the configured route with its header rules; may be null
    bool to_app = false;                    // adds the fields that tell the app what the edge can do
    const Outgoing* body = nullptr;         // if not null, used instead of the exchange's body
    std::string_view upgrade;               // protocols to which the upstream may switch; may be empty
};

// Returns the complete head of the request to the upstream, including the blank line.
std::string forwarded_head(const Exchange& x, const Forwarding& how);

// Returns the protocols of the client's Upgrade (RFC 9110 section 7.8) that the rule allows, for example "websocket".
// Returns an empty text if there is no such protocol or if the exchange can't switch. Only allowed protocols are
// returned, because after a switch no route, limit or log sees the traffic.
std::string upgrades_to_pass(const Exchange& x, const ConfiguredRoute& rule);

// Append the fields of `head` that are forwarded to the client. has_date is set to true if Date is among them. rules:
// the rules of the route; may be null. An interim answer gets only the removals of the rules, since the additions
// belong to the final answer. BodyFrom::file: the edge sends the bytes of a file. It then sets the fields that depend
// on ranges itself: Content-Type, Accept-Ranges, Content-Range.
enum class BodyFrom : bool { upstream, file };
void append_answer_fields(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out,
                          bool& has_date);
void append_interim_fields(const http::ResponseHead& head, const HeaderRules* rules, std::string& out);

// Appends the fields of a 101 or a 426 that name the new protocol (RFC 9110 section 7.8). These fields are hop-by-hop,
// so append_answer_fields() leaves them out.
void append_upgrade(const http::ResponseHead& head, std::string& out);

}  // namespace bodega::edge
