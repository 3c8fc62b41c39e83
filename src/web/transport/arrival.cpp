#include "web/transport/arrival.h"

#include <algorithm>
#include <utility>

#include "http/parser.h"

namespace bodega::web {

bool Arrival::is_whole(std::string_view bytes, const Planner& planner) {
    if (!head_) {
        switch (scanner_.scan(bytes)) {
            case http::HeadScanner::Result::incomplete: return bytes.size() > kMaxHead;
            case http::HeadScanner::Result::malformed: return true;
            case http::HeadScanner::Result::complete: break;
        }
        read_head(bytes.substr(0, scanner_.length()), planner);
    }
    return chunked_ ? body_ends(bytes) : bytes.size() >= length_;
}

bool Arrival::take_expectation() noexcept { return std::exchange(expects_, false); }

void Arrival::read_head(std::string_view bytes, const Planner& planner) {
    head_ = true;
    length_ = read_ = bytes.size();
    http::RequestHead head;
    if (http::parse_request(bytes, kLimits, head)) return;
    plan_ = planner(head.method_name, head.target);
    if (!waits_for_body(head)) return;
    expects_ = head.expects_continue;
    chunked_ = head.body.kind == http::Framing::Kind::chunked;
    length_ += head.body.length;
}

// Whether the body has to arrive before a thread works on the request. False if there is no body, if a thread reads the
// body, or if the request will be refused.
bool Arrival::waits_for_body(const http::RequestHead& head) const {
    if (plan_.is_file || plan_.max_held == 0 || head.body.kind == http::Framing::Kind::none) return false;
    if (head.body.length > static_cast<std::uint64_t>(plan_.max_held)) return false;
    return !plan_.needs_credential || http::first_field(head.fields, "Authorization") ||
           http::first_field(head.fields, "Cookie");
}

// True if the body is complete. Also true if it is malformed or too long; the thread that reads the body then refuses
// it.
bool Arrival::body_ends(std::string_view bytes) {
    using State = http::ChunkedDecoder::State;
    bytes.remove_prefix(std::min(read_, bytes.size()));
    while (!ended_ && !bytes.empty()) {
        const http::ChunkedDecoder::Step step = decoder_.next(bytes);
        if (data_ + decoder_.left() > static_cast<std::uint64_t>(plan_.max_held)) return ended_ = true;
        decoder_.took_data(step.data);
        data_ += step.data;
        read_ += step.skip + step.data;
        bytes.remove_prefix(step.skip + step.data);
        ended_ = step.state == State::end || step.state == State::malformed;
    }
    return ended_;
}

}  // namespace bodega::web
