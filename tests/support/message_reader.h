// Reads the requests on an upstream's connection as different upstreams would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::test {

// Differences between known recipients. All false: strictly by the RFCs.
struct Manners {
    bool bare_lf = false;        // a bare LF ends a line, too
    bool length_first = false;   // Content-Length overrides Transfer-Encoding
    bool trims_names = false;    // white space before the colon is ignored
    bool underscores = false;    // '_' in a name is '-', as CGI has it
    bool last_wins = false;      // the last of repeated framing fields counts; else the first
    bool any_coding = false;     // any value that contains "chunked" is chunked
    bool folds = false;          // a line that begins with white space continues the previous one
    bool ignores_names = false;  // fields that Connection names are ignored
};

// Every combination of them.
std::vector<Manners> all_manners();

struct Message {
    std::string method;
    std::string target;
    std::string body;  // decoded

    bool operator==(const Message&) const = default;
};

struct Reading {
    std::vector<Message> messages;
    std::string rest;  // bytes after the last complete message

    bool operator==(const Reading&) const = default;
};

Reading read_messages(std::string_view bytes, const Manners& manners);

}  // namespace bodega::test
