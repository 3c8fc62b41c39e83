#include "acme/https.h"

#include <netdb.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/clock.h"
#include "base/fd.h"
#include "base/network.h"
#include "base/text.h"

namespace bodega::acme {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxAnswer = 1 << 20;
constexpr std::chrono::seconds kWait{15};             // for a connection, a read or a write
constexpr std::chrono::seconds kLimit{60};            // for a whole request
constexpr std::chrono::milliseconds kPollEvery{200};  // between two checks whether this node stops
// CA bundles of the usual distributions. OpenSSL's own default path is that of the machine that built it.
constexpr std::array kBundles{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                              "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem"};

[[noreturn]] void fail(const std::string& why) { throw Error(Code::unavailable, "acme: " + why); }

struct Addresses {
    explicit Addresses(const HttpsUrl& url) {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        int code = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &list);
        if (code != 0) fail("can't find " + url.host + ": " + ::gai_strerror(code));
    }
    ~Addresses() { ::freeaddrinfo(list); }
    Addresses(const Addresses&) = delete;

    addrinfo* list = nullptr;
};

// Waits for a socket, at most kWait each time and kLimit in total.
class TransferTimeout {
public:
    TransferTimeout(const Https::GoesOn& goes_on, const HttpsUrl& url) : goes_on_(goes_on), url_(url) {}

    // False: no event came within kWait.
    bool await(int fd, short events) const {
        const auto end = std::min(base::Steady::now() + kWait, limit_);
        while (base::Steady::now() < end) {
            if (!goes_on_()) fail("the request to " + url_.host + " was aborted: this node stops");
            pollfd watched{fd, events, 0};
            if (::poll(&watched, 1, static_cast<int>(kPollEvery.count())) > 0) return true;
        }
        if (base::Steady::now() >= limit_) fail(url_.host + " answers too slowly");
        return false;
    }

    // Repeats an OpenSSL call on a non-blocking socket until it is done. False: it failed.
    template <class Call>
    bool complete(SSL* ssl, Call call) const {
        for (;;) {
            const int result = call();
            if (result == 1) return true;
            const int error = SSL_get_error(ssl, result);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
            ERR_clear_error();
            if (!await(SSL_get_fd(ssl), error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return false;
        }
    }

private:
    const Https::GoesOn& goes_on_;
    const HttpsUrl& url_;
    const base::Steady::time_point limit_ = base::Steady::now() + kLimit;
};

// Connects. Returns 0 or the error number.
int connect_error(int fd, const addrinfo& to, const TransferTimeout& timeout) {
    if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!timeout.await(fd, POLLOUT)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

base::Fd connect_to(const HttpsUrl& url, const TransferTimeout& timeout) {
    Addresses addresses(url);
    int error = EHOSTUNREACH;
    for (addrinfo* at = addresses.list; at; at = at->ai_next) {
        base::Fd fd(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol));
        error = fd ? connect_error(fd.get(), *at, timeout) : errno;
        if (error == 0) return fd;
    }
    fail("can't connect to " + url.host + ":" + url.port + ": " + std::generic_category().message(error));
}

net::Ssl handshake(SSL_CTX* context, int fd, const HttpsUrl& url, const TransferTimeout& timeout) {
    net::Ssl ssl(SSL_new(context));
    net::require_openssl(ssl && SSL_set_fd(ssl.get(), fd) == 1, "TLS to an authority");
    if (base::parse_address(url.host)) {
        net::require_openssl(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), url.host.c_str()) == 1,
                             "TLS to an authority");
    } else {
        net::require_openssl(SSL_set_tlsext_host_name(ssl.get(), url.host.c_str()) == 1 &&
                                 SSL_set1_host(ssl.get(), url.host.c_str()) == 1,
                             "TLS to an authority");
    }
    if (timeout.complete(ssl.get(), [&] { return SSL_connect(ssl.get()); })) return ssl;
    long verified = SSL_get_verify_result(ssl.get());
    std::string why = verified == X509_V_OK ? net::openssl_error() : X509_verify_cert_error_string(verified);
    ERR_clear_error();
    fail("no TLS with " + url.host + ": " + why);
}

// Reads until the connection ends. parse_answer() checks by the answer's length that it is complete.
std::string read_all(SSL* ssl, const HttpsUrl& url, const TransferTimeout& timeout) {
    std::string bytes;
    std::array<char, 16384> buffer{};
    std::size_t got = 0;
    while (timeout.complete(ssl, [&] { return SSL_read_ex(ssl, buffer.data(), buffer.size(), &got); })) {
        bytes.append(buffer.data(), got);
        if (bytes.size() > kMaxAnswer) fail(url.host + " answers with more than 1 MiB");
    }
    ERR_clear_error();
    return bytes;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::size_t number(std::string_view text, int radix) {
    std::size_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
    if (error != std::errc() || end == text.data()) fail("a number in an answer can't be read");
    return value;
}

std::string unchunked(std::string_view bytes) {
    std::string out;
    for (;;) {
        std::size_t line = bytes.find("\r\n");
        if (line == bytes.npos) fail("an answer ended early");
        std::size_t size = number(bytes.substr(0, line), 16);
        bytes.remove_prefix(line + 2);
        if (size == 0) return out;
        if (size > kMaxAnswer || bytes.size() < size + 2) fail("an answer ended early");
        out.append(bytes.substr(0, size));
        bytes.remove_prefix(size + 2);
    }
}

}  // namespace

std::string_view HttpsAnswer::field(std::string_view name) const {
    auto found = fields.find(name);
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

HttpsAnswer parse_answer(std::string_view bytes) {
    std::size_t end = bytes.find("\r\n\r\n");
    if (end == bytes.npos || !bytes.starts_with("HTTP/1.") || bytes.size() < 12) fail("an answer is not HTTP");
    HttpsAnswer answer;
    answer.status = static_cast<int>(number(bytes.substr(9, 3), 10));
    std::string_view head = bytes.substr(0, end), body = bytes.substr(end + 4);
    for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        std::size_t colon = line.find(':');
        if (colon != line.npos) answer.fields[lower(line.substr(0, colon))] = base::trim(line.substr(colon + 1));
    }
    if (lower(answer.field("transfer-encoding")) == "chunked") {
        answer.body = unchunked(body);
    } else if (auto length = answer.field("content-length"); !length.empty()) {
        std::size_t size = number(length, 10);
        if (body.size() < size) fail("an answer ended early");
        answer.body = body.substr(0, size);
    } else {
        answer.body = body;
    }
    return answer;
}

HttpsUrl HttpsUrl::of(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    std::string_view rest = url.starts_with(scheme) ? url.substr(scheme.size()) : std::string_view();
    std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    std::size_t colon = authority.rfind(':');
    if (authority.find(']') != authority.npos && colon != authority.npos && authority[colon - 1] != ']')
        colon = authority.npos;
    HttpsUrl out{std::string(authority.substr(0, colon)), "443", std::string(rest.substr(slash))};
    if (colon != authority.npos) out.port = authority.substr(colon + 1);
    if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
    if (out.target.empty()) out.target = "/";
    bool plain = std::none_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c >= 0x7f; });
    if (out.host.empty() || out.port.empty() || !plain)
        throw Error(Code::invalid, "acme: \"" + std::string(url.substr(0, 200)) + "\" is not an https:// URL");
    return out;
}

Https::Https(const std::string& authorities, GoesOn goes_on)
    : context_(SSL_CTX_new(TLS_client_method())), goes_on_(std::move(goes_on)) {
    net::require_openssl(context_ != nullptr, "TLS to an authority");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    auto load = [this](const char* file) {
        bool loaded = SSL_CTX_load_verify_file(context_.get(), file) == 1;
        ERR_clear_error();
        return loaded;
    };
    if (authorities.empty() ? std::any_of(kBundles.begin(), kBundles.end(), load) : load(authorities.c_str())) return;
    if (authorities.empty())
        throw Error(Code::config_invalid, "edge.acme.authorities: no file of trusted authorities was found; name one");
    throw Error(Code::config_invalid, "edge.acme.authorities: " + authorities + " has no certificate in PEM");
}

HttpsAnswer Https::get(const std::string& url) { return ask("GET", url, ""); }
HttpsAnswer Https::head(const std::string& url) { return ask("HEAD", url, ""); }
HttpsAnswer Https::post(const std::string& url, const std::string& body) { return ask("POST", url, body); }

HttpsAnswer Https::ask(std::string_view method, const std::string& url, const std::string& body) {
    HttpsUrl to = HttpsUrl::of(url);
    const TransferTimeout timeout(goes_on_, to);
    base::Fd fd = connect_to(to, timeout);
    net::Ssl ssl = handshake(context_.get(), fd.get(), to, timeout);
    std::string host = to.host.find(':') == to.host.npos ? to.host : "[" + to.host + "]";
    std::string request(method);
    request.append(" ").append(to.target).append(" HTTP/1.1\r\nHost: ").append(host);
    if (to.port != "443") request.append(":").append(to.port);
    request += "\r\nUser-Agent: bodega\r\nAccept-Language: en\r\nConnection: close\r\n";
    if (method == "POST") {
        request += "Content-Type: application/jose+json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    }
    request.append("\r\n").append(body);
    std::size_t written = 0;
    auto write = [&] { return SSL_write_ex(ssl.get(), request.data(), request.size(), &written); };
    if (!timeout.complete(ssl.get(), write)) {
        ERR_clear_error();
        fail("could not send a request to " + to.host);
    }
    std::string bytes = read_all(ssl.get(), to, timeout);
    if (method != "HEAD") return parse_answer(bytes);
    return parse_answer(bytes.substr(0, bytes.find("\r\n\r\n")) + "\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace bodega::acme
