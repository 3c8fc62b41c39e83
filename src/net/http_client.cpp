#include "net/http_client.h"

#include <httplib.h>
#include <strings.h>

#include <algorithm>
#include <array>

#include "net/client_stream.h"
#include "net/http_url.h"

namespace bodega::net {
namespace {

using base::Code;
using base::Error;

// cpp-httplib matches the status line with a regular expression. The depth of its recursion grows with the line, so the
// line must be short.
constexpr std::size_t kMaxHeadLine = 8 << 10;

// Lets cpp-httplib read and write on a ClientStream, and enforces the limits of a response.
class ResponseStream : public httplib::Stream {
public:
    ResponseStream(ClientStream& connection, std::string server, std::size_t max_response)
        : connection_(connection), server_(std::move(server)), max_response_(max_response) {}

    void begin_body() noexcept { in_head_ = false; }
    bool ended() const noexcept { return ended_; }  // the server closed the connection

    ssize_t read(char* to, std::size_t size) override {
        if (next_ == end_) fill();
        const std::size_t count = std::min(size, end_ - next_);
        std::copy_n(buffer_.data() + next_, count, to);
        if (in_head_) check_head({to, count});
        next_ += count;
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* bytes, std::size_t size) override {
        connection_.write({bytes, size});
        return static_cast<ssize_t>(size);
    }
    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    socket_t socket() const override { return INVALID_SOCKET; }

private:
    void fill() {
        next_ = 0;
        end_ = connection_.read(buffer_);
        ended_ = end_ == 0;
        received_ += end_;
        if (received_ > max_response_) fail_too_large();
    }

    void check_head(std::string_view bytes) {
        head_ += bytes.size();
        const std::size_t line_end = bytes.rfind('\n');
        line_ = line_end == bytes.npos ? line_ + bytes.size() : bytes.size() - line_end - 1;
        if (head_ > HttpClient::kMaxHead || line_ > kMaxHeadLine) fail_too_large();
    }

    [[noreturn]] void fail_too_large() const {
        throw Error(Code::unavailable, "the response of " + server_ + " is too large");
    }

    ClientStream& connection_;
    const std::string server_;
    const std::size_t max_response_;
    std::array<char, 16 << 10> buffer_{};
    std::size_t next_ = 0, end_ = 0;  // the unread bytes are buffer_[next_] to buffer_[end_ - 1]
    std::size_t received_ = 0;
    std::size_t head_ = 0, line_ = 0;  // bytes received of the head, and of its current line
    bool in_head_ = true;
    bool ended_ = false;
};

// cpp-httplib's client on a ClientStream. A connection of cpp-httplib itself would have a timeout for each read, but
// none for the whole request.
class Exchange : private httplib::ClientImpl {
public:
    Exchange(const HttpUrl& url, ResponseStream& stream)
        : ClientImpl(url.host, url.port), stream_(stream), is_https_(url.is_https) {
        set_url_encode(false);
    }

    // Returns false if the response is not complete or not valid.
    bool run(httplib::Request& request, httplib::Response& response) {
        request.response_handler = [this](const httplib::Response&) {
            stream_.begin_body();
            return true;
        };
        // Without a receiver, cpp-httplib would allocate as many bytes as Content-Length says, before any byte arrives.
        request.content_receiver = [&](const char* bytes, std::size_t count, std::uint64_t, std::uint64_t) {
            response.body.append(bytes, count);
            return true;
        };
        httplib::Error error = httplib::Error::Success;
        return send(request, response, error);
    }

private:
    bool create_and_connect_socket(Socket&, httplib::Error&) override { return true; }
    bool process_socket(const Socket&, std::function<bool(httplib::Stream&)> exchange) override {
        return exchange(stream_);
    }
    bool is_ssl() const override { return is_https_; }

    ResponseStream& stream_;
    const bool is_https_;
};

bool is_one_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

httplib::Request prepared(const HttpRequest& request, const HttpUrl& url) {
    httplib::Request out;
    out.method = request.method;
    out.path = url.target;
    out.body = request.body;
    out.headers.emplace("Host", url.authority());
    for (const auto& [name, value] : request.fields) out.headers.emplace(name, value);
    const bool fits = std::all_of(out.headers.begin(), out.headers.end(),
                                  [](const auto& field) { return is_one_line(field.first + field.second); });
    if (!fits || request.method.empty() || request.method.find_first_of(" \r\n") != std::string::npos)
        throw Error(Code::invalid, "a request to " + url.server() + " has a line break in a field");
    return out;
}

}  // namespace

std::string_view HttpResponse::field(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
        return field.first.size() == name.size() && ::strncasecmp(field.first.data(), name.data(), name.size()) == 0;
    });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

HttpResponse HttpClient::send(const HttpRequest& request) const {
    const HttpUrl url = HttpUrl::of(request.url);
    if (url.is_https && !options_.tls) throw Error(Code::invalid, url.server() + " may be asked by http:// only");
    httplib::Request sent = prepared(request, url);
    const WaitLimit limit(url.server(), base::Steady::now() + options_.timeout, options_.continues);
    ClientStream connection(url, options_.tls.get(), limit);
    ResponseStream stream(connection, url.server(), options_.max_response);
    httplib::Response response;
    if (!Exchange(url, stream).run(sent, response)) {
        const char* why = stream.ended() ? " closed the connection before its response was complete"
                                         : " did not answer with valid HTTP";
        throw Error(Code::unavailable, url.server() + why);
    }
    // cpp-httplib returns an interim response (RFC 9110, section 15.2) as if it were the final one, so it is an error
    // here.
    if (response.status < 200) throw Error(Code::unavailable, url.server() + " sent an interim response only");
    return {response.status, HttpFields(response.headers.begin(), response.headers.end()), std::move(response.body)};
}

}  // namespace bodega::net
