// Requests on an upstream's connection, as upstreams of different manners would read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::test {

// Where recipients have been seen to differ. All false: to the letter.
struct Manners {
    bool bare_lf = false;        // LF alone ends a line too
    bool length_first = false;   // Content-Length beats Transfer-Encoding
    bool trims_names = false;    // white space before the colon is ignored
    bool underscores = false;    // '_' in a name is '-', as CGI has it
    bool last_wins = false;      // of repeated framing fields; else the first
    bool any_coding = false;     // whatever has "chunked" in it is chunked
    bool folds = false;          // a line that begins with white space goes on with the one before
    bool ignores_names = false;  // what Connection names is not looked at
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
    std::string rest;  // bytes that are no whole message

    bool operator==(const Reading&) const = default;
};

Reading read_messages(std::string_view bytes, const Manners& manners);

}  // namespace bodega::test
