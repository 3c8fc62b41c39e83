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
#include "edge/routing/routing.h"
#include "http/message.h"

namespace bodega::edge {

class SpoolFile;

// A request's body for the upstream, which the edge has already read completely or in part.
struct Outgoing {
    std::string_view bytes;           // sent before the rest of the exchange's body; they outlive the request
    bool whole = false;               // `bytes` or `file` is the complete body: nothing more is read from the exchange
    std::shared_ptr<SpoolFile> file;  // used instead of `bytes`; co-owned by the request; null: none

    // To the app: the id of the conversation that the request belongs to (base/upload_conversation.h), so that the app
    // may reply in it instead of answering the client; empty: none.
    std::string_view conversation;
    bool is_message = false;  // the conversation's message goes in place of a body

    // What to do with a message that did not get through. The client gets no answer for one that will be sent once
    // more.
    enum class Retry : std::uint8_t {
        no,
        unheard,      // if the app did not get the report or did not answer
        unavailable,  // also if the app answered that it could not act on the report (503)
    };
    Retry retry = Retry::no;

    // --- the result
    bool has_reply = false;  // the app replied in the conversation; the client has no answer
    bool is_lost = false;    // the message must be sent once more, according to `retry`
};

// How to forward a request.
struct Forwarding {
    std::string_view target;         // the request target; if empty, the client's
    std::string_view host;           // the Host; if empty, the client's
    const Rule* rule = nullptr;      // the configured route with its header rules; may be null
    bool to_app = false;             // adds the fields that tell the app what the edge can do
    const Outgoing* body = nullptr;  // used instead of the exchange's body unless it is null
    std::string_view upgrade;        // protocols to which the upstream may switch; may be empty
};

// Returns the complete head of the request to the upstream, including the blank line.
std::string forwarded_head(const Exchange& x, const Forwarding& how);

// Returns the protocols of the client's Upgrade (RFC 9110 section 7.8) that the rule allows, for example "websocket".
// Returns an empty text if there is no such protocol or if the exchange can't switch. After a switch, no route, limit
// or log sees the traffic.
std::string upgrades_to_pass(const Exchange& x, const Rule& rule);

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
