#include "support/body_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

namespace bodega::test {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool has_length(const HttpClient::Fields& fields) {
    return std::any_of(fields.begin(), fields.end(),
                       [](const auto& field) { return lower(field.first) == "content-length"; });
}

}  // namespace

void BodyClient::write_head(const std::string& method, const std::string& target, const Fields& fields, bool ends) {
    if (protocol_ == Protocol::http1) {
        if (!one_) one_ = std::make_unique<HttpClient>(address_);
        std::string head = method + " " + target + " HTTP/1.1\r\nHost: files.example\r\n";
        for (const auto& [name, value] : fields) head.append(name).append(": ").append(value).append("\r\n");
        if (!ends && chunked_) head += "Transfer-Encoding: chunked\r\n";
        return one_->write(head + "\r\n");
    }
    if (!two_) two_ = std::make_unique<Http2Client>("http://" + address_);
    stream_ = stream_ == 0 ? 1 : stream_ + 2;
    Http2Fields all = {{":method", method}, {":scheme", "http"}, {":authority", "files.example"}, {":path", target}};
    for (const auto& [name, value] : fields) all.emplace_back(lower(name), value);
    two_->request(stream_, all, ends);
}

void BodyClient::begin(const std::string& method, const std::string& target, const Fields& fields) {
    whole_ = false;
    chunked_ = !has_length(fields);
    write_head(method, target, fields, false);
}

Answer BodyClient::fetch(const std::string& method, const std::string& target, const Fields& fields) {
    whole_ = true;
    write_head(method, target, fields, true);
    return protocol_ == Protocol::http2 ? answer_of(two_->reply(stream_)) : one_->read(method == "HEAD");
}

void BodyClient::send(std::string_view bytes) {
    if (bytes.empty()) return;
    if (protocol_ == Protocol::http2) {
        two_->send_body(stream_, bytes);
        return;
    }
    std::array<char, 24> size{};
    if (chunked_) {
        std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
        one_->write(std::string(size.data()) + std::string(bytes) + "\r\n");
    } else {
        one_->write(bytes);
    }
}

void BodyClient::end() {
    if (std::exchange(whole_, true)) return;
    if (protocol_ == Protocol::http2) two_->send_body(stream_, "", true);
    else if (chunked_) one_->write("0\r\n\r\n");
}

Answer BodyClient::answer_of(const Http2Reply& reply) {
    Answer out;
    out.status = reply.status;
    for (const auto& [name, value] : reply.fields) out.fields.emplace(name, value);
    out.body = reply.body;
    return out;
}

Answer BodyClient::read() {
    if (protocol_ == Protocol::http2) return answer_of(two_->reply(stream_));
    return one_->read();
}

Answer BodyClient::read_interim() {
    if (protocol_ == Protocol::http1) return one_->read(true);
    while (two_->replies()[stream_].status == 0 && two_->take()) continue;
    return answer_of(two_->replies()[stream_]);
}

void BodyClient::leave() {
    constexpr std::uint32_t kCancel = 8;
    if (protocol_ == Protocol::http2) two_->send_frame(http2::kReset, 0, stream_, http2::number(kCancel));
    else close();
}

void BodyClient::close() {
    one_.reset();
    two_.reset();
    stream_ = 0;
}

void BodyClient::send_malformed() {
    if (protocol_ == Protocol::http1) one_->write("no chunk\r\n");
    else two_->send_body(stream_, "beyond");
}

}  // namespace bodega::test
