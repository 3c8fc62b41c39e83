// The heads that a proxy writes anew: the request to the upstream, the answer's fields to the client.
//
// Framing, hop-by-hop fields (those that Connection names too, RFC 9110 section 7.6.1) and internal fields of the
// message that came in never pass; what is set here is set last, so no client can remove it by naming it.
#pragma once

#include <string>

#include "edge/exchange.h"
#include "edge/message.h"

namespace bodega::edge {

// The whole head of the request to the app, through its blank line.
std::string request_to_app(const Exchange& x);

// Appends the lines of `head` that pass to the client. Sets has_date if Date is among them.
// file: the answer's bytes are the edge's own, so what depends on ranges is too: Content-Type, Accept-Ranges,
// Content-Range.
enum class BodyFrom : bool { upstream, file };
void append_answer_fields(const ResponseHead& head, BodyFrom body, std::string& out, bool& has_date);

}  // namespace bodega::edge
