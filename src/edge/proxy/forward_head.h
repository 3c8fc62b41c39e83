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
    std::string_view bytes;  // sent before the rest of the exchange's body; they outlive the request
    // True if `bytes` or `file` is the complete body, so that nothing more is read from the exchange.
    bool whole = false;
    // Used instead of `bytes` unless it is null. The request is another owner.
    std::shared_ptr<SpoolFile> file;

    // The id of the conversation with the app to which the request belongs (base/upload_conversation.h). With an id the
    // app may reply in the conversation instead of answering the client. Empty if there is no conversation.
    std::string_view conversation;
    bool is_message = false;  // true if the conversation's message is sent instead of a body

    // Decides when a message is sent once more. The client then gets no answer to the first try.
    enum class Retry : std::uint8_t {
        no,
        unheard,      // if the app did not get the report or did not answer
        unavailable,  // also if the app answered that it could not act on the report (503)
    };
    Retry retry = Retry::no;

    // --- the result
    bool has_reply = false;  // true if the app replied in the conversation, so that the client has no answer
    bool is_lost = false;    // true if `retry` requires that the message is sent once more
};

// How to forward a request.
struct Forwarding {
    std::string_view target;                // the request target; if empty, the client's
    std::string_view host;                  // the Host; if empty, the client's
    const ConfiguredRoute* rule = nullptr;  // the configured route with its header rules; may be null
    bool to_app = false;                    // adds the fields that tell the app what the edge can do
    const Outgoing* body = nullptr;         // used instead of the exchange's body unless it is null
    std::string_view upgrade;               // protocols to which the upstream may switch; may be empty
};

// Returns the complete head of the request to the upstream, including the blank line.
std::string forwarded_head(const Exchange& x, const Forwarding& how);

// Returns the protocols of the client's Upgrade (RFC 9110 section 7.8) that the rule allows, for example "websocket".
// Returns an empty text if there is no such protocol or if the exchange can't switch. After a switch, no route, limit
// or log sees the traffic.
std::string upgrades_to_pass(const Exchange& x, const ConfiguredRoute& rule);

// Append the lines of `head` that are forwarded to the client. has_date is set if Date is among them. rules: the rules
// of the route; may be null. An interim answer gets only the removals of the rules, since the additions belong to the
// final answer. BodyFrom::file: the edge sends the bytes of a file. It then sets the fields that depend on ranges
// itself: Content-Type, Accept-Ranges, Content-Range.
enum class BodyFrom : bool { upstream, file };
void append_answer_fields(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out,
                          bool& has_date);
void append_interim_fields(const http::ResponseHead& head, const HeaderRules* rules, std::string& out);

// Appends the fields of a 101 or a 426 that name the new protocol (RFC 9110 section 7.8). These fields are hop-by-hop,
// so append_answer_fields() leaves them out.
void append_upgrade(const http::ResponseHead& head, std::string& out);

}  // namespace bodega::edge
