// The heads that a proxy writes anew: the request to the upstream, the answer's fields to the client.
//
// Framing, hop-by-hop fields (those that Connection names too, RFC 9110 section 7.6.1) and internal fields of the
// message that came in never pass; what is set here is set last, so no client can remove it by naming it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/routing/routing.h"
#include "http/message.h"

namespace bodega::edge {

class SpoolFile;

// What goes to the upstream of a request's body that the edge took in by itself, all or its beginning.
struct Outgoing {
    std::string_view bytes;           // sent before what the exchange still has; Requires: they outlive the request
    bool whole = false;               // they, or those of `file`, are all of it: the exchange is not asked for more
    std::shared_ptr<SpoolFile> file;  // in place of `bytes`; owned by the request too; null: none
    std::string_view report;          // to the app: a base::BodyReport's text, in place of a body

    bool may_wait = false;  // to the app: it may answer base::kBodyWait to a whole body

    // What becomes of a report that did not get through. A client hears nothing of one that will be sent once more.
    enum class Retry : std::uint8_t {
        no,
        unheard,      // that the app did not get, or did not answer
        unavailable,  // and that it could not act on (503)
    };
    Retry retry = Retry::no;

    // --- the outcome
    // What the app answered to a report, or to a whole body that is to wait, if it did not answer the client.
    std::string word;
    bool is_lost = false;  // a report that is to be sent once more, as `retry` says
};

// How a request goes on.
struct Forwarding {
    std::string_view target;         // what is asked for; empty: as the client asked
    std::string_view host;           // empty: as the client asked
    const Rule* rule = nullptr;      // the configured route; null: none. Its fields are the message's
    bool to_app = false;             // announces what the edge can do
    const Outgoing* body = nullptr;  // instead of the exchange's; null: that
    std::string_view upgrade;        // protocols that the upstream is asked to switch to; empty: none
};

// The whole head of the request to the upstream, through its blank line.
std::string forwarded_head(const Exchange& x, const Forwarding& how);

// Of the protocols that the client asks for in the way of RFC 9110 section 7.8, those that the rule lets through and
// the exchange can switch to, "websocket"; empty: none. What is switched to, no route, limit or log sees any more.
std::string upgrades_to_pass(const Exchange& x, const Rule& rule);

// Appends the lines of `head` that pass to the client. Sets has_date if Date is among them.
// file: the answer's bytes are the edge's own, so what depends on ranges is too: Content-Type, Accept-Ranges,
// Content-Range.
// rules: the route's; null: none.
// An interim answer takes what the rules remove, and nothing that they set, which is the final answer's.
enum class BodyFrom : bool { upstream, file };
void append_answer_fields(const http::ResponseHead& head, BodyFrom body, const HeaderRules* rules, std::string& out,
                          bool& has_date);
void append_interim_fields(const http::ResponseHead& head, const HeaderRules* rules, std::string& out);

// Appends what a 101 or a 426 says of the protocol to go on with (RFC 9110 section 7.8), which is a hop's own.
void append_upgrade(const http::ResponseHead& head, std::string& out);

}  // namespace bodega::edge
