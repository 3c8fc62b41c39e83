// Writes the heads that a proxy sends: the request's to the upstream, and the answer's fields to the client.
//
// Framing fields, hop-by-hop fields (also those that Connection names, RFC 9110 section 7.6.1) and internal fields of
// the received message never pass. Fields that the proxy sets are added last, so a client can't remove them by naming
// them in Connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/routing/routing.h"
#include "http/message.h"

namespace bodega::edge {

class SpoolFile;

// A request body that the edge has already read, completely or in part, to be sent to the upstream.
struct Outgoing {
    std::string_view bytes;           // sent before the exchange's remaining body. Requires: they outlive the request
    bool whole = false;               // `bytes` or `file` is the complete body: nothing more is read from the exchange
    std::shared_ptr<SpoolFile> file;  // used instead of `bytes`; co-owned by the request; null: none
    std::string_view report;          // to the app: a base::BodyReport's text, in place of a body

    bool may_wait = false;  // to the app: it may answer base::kBodyWait to a complete body

    // What to do with a report that did not get through. The client gets no answer for a report that will be sent once
    // more.
    enum class Retry : std::uint8_t {
        no,
        unheard,      // resend it if the app did not get it or did not answer
        unavailable,  // also if the app could not act on it (503)
    };
    Retry retry = Retry::no;

    // --- the result
    //
    // The app's control message: its answer to a report, or to a complete body that must wait, if it did not answer
    // the client.
    std::string control;
    bool is_lost = false;  // the report must be sent once more, according to `retry`
};

// How to forward a request.
struct Forwarding {
    std::string_view target;         // the target to request; empty: the client's
    std::string_view host;           // empty: the client's
    const Rule* rule = nullptr;      // the configured route, whose header rules apply; null: none
    bool to_app = false;             // adds the fields that tell the app what the edge can do
    const Outgoing* body = nullptr;  // replaces the exchange's body; null: use that
    std::string_view upgrade;        // protocols that the upstream may switch to; empty: none
};

// Returns the complete head of the request to the upstream, with its blank line.
std::string forwarded_head(const Exchange& x, const Forwarding& how);

// Returns those of the protocols that the client asks for with Upgrade (RFC 9110 section 7.8) that the rule allows and
// the exchange can switch to, for example "websocket"; empty: none. After a switch, no route, limit or log sees the
// traffic.
std::string upgrades_to_pass(const Exchange& x, const Rule& rule);

// Appends the lines of `head` that pass to the client. Sets has_date if Date is among them. BodyFrom::file: the edge
// sends the bytes, so it also sets the fields that depend on ranges: Content-Type, Accept-Ranges, Content-Range.
// rules: the route's; null: none. For an interim answer, the rules' removals apply but not their additions, which
// belong to the final answer.
enum class BodyFrom : bool { upstream, file };
void append_answer_fields(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out,
                          bool& has_date);
void append_interim_fields(const http::ResponseHead& head, const HeaderRules* rules, std::string& out);

// Appends the fields of a 101 or a 426 that name the protocol to switch to (RFC 9110 section 7.8). They are
// hop-by-hop.
void append_upgrade(const http::ResponseHead& head, std::string& out);

}  // namespace bodega::edge
