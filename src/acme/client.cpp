#include "acme/client.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "net/tls_client_context.h"

namespace bodega::acme {
namespace {

using base::Code;
using base::Error;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr int kNonceTries = 10;  // tries of a request that fails with badNonce (RFC 8555 section 6.5)
constexpr int kPolls = 60;
constexpr milliseconds kShortestPoll{1000}, kLongestPoll{10'000};
constexpr std::chrono::seconds kRequestTimeout{60};
constexpr std::size_t kMaxResponse = 1 << 20;

[[noreturn]] void fail(const std::string& why) { throw Error(Code::unavailable, "acme: " + why); }

Json parse(const net::HttpResponse& response) {
    Json body = Json::parse(response.body, nullptr, false);
    return body.is_discarded() ? Json::object() : body;
}

std::string text(const Json& object, const char* name) {
    auto found = object.is_object() ? object.find(name) : object.end();
    if (found == object.end() || !found->is_string())
        fail(std::string("the authority's answer lacks \"") + name + "\"");
    return found->get<std::string>();
}

// Formats a problem document (RFC 7807) as one line.
std::string problem(const Json& body) {
    if (!body.is_object()) return "an answer without a reason";
    std::string detail = body.value("detail", ""), type = body.value("type", "");
    return (detail.empty() ? "no reason given" : detail) + (type.empty() ? "" : " (" + type + ")");
}

bool is_bad_nonce(const Json& body) {
    return body.is_object() && body.value("type", "") == "urn:ietf:params:acme:error:badNonce";
}

milliseconds poll_time(const net::HttpResponse& response) {
    std::string_view after = response.field("retry-after");
    int seconds = 0;
    std::from_chars(after.data(), after.data() + after.size(), seconds);
    return std::clamp(milliseconds(1000LL * seconds), kShortestPoll, kLongestPoll);
}

std::string encoded(const std::string& plain) { return base::base64url(base::as_bytes(plain)); }

// Publishes the answer to a challenge. The destructor removes the answer.
class PostedChallenge {
public:
    PostedChallenge(ChallengeBoard& board, std::string token, const std::string& answer)
        : board_(board), token_(std::move(token)) {
        board_.put(token_, answer);
    }
    ~PostedChallenge() { board_.remove(token_); }
    PostedChallenge(const PostedChallenge&) = delete;

private:
    ChallengeBoard& board_;
    const std::string token_;
};

net::SslContext trusted(const std::string& ca_file) {
    try {
        return net::make_tls_client_context(ca_file);
    } catch (const Error& error) {
        throw Error(error.code(), std::string("edge.acme.authorities: ") + error.what());
    }
}

}  // namespace

Client::Client(const Authority& authority, const Key& account, const Pause& pause)
    : account_(account),
      directory_url_(authority.directory),
      pause_(pause),
      http_({.timeout = kRequestTimeout,
             .max_response = kMaxResponse,
             .tls = trusted(authority.ca_file),
             .continues = [pause] { return pause(milliseconds::zero()); }}) {}

std::string Client::order(const std::vector<std::string>& names, const Key& key, const std::string& contact,
                          ChallengeBoard& board) try {
    net::HttpResponse directory = ask("GET", directory_url_);
    directory_ = parse(directory);
    if (directory.status != 200 || !directory_.contains("newAccount"))
        fail("edge.acme.directory: " + directory_url_ + " is not the directory of an ACME authority (it answered " +
             std::to_string(directory.status) + ")");
    register_account(contact);
    Json wanted = Json::array();
    for (const std::string& name : names) wanted.push_back({{"type", "dns"}, {"value", name}});
    Reply made = call(text(directory_, "newOrder"), Json{{"identifiers", wanted}}.dump());
    std::string url(made.response.field("location"));
    for (const Json& authorization : made.body.value("authorizations", Json::array()))
        if (authorization.is_string()) authorize(authorization.get<std::string>(), board);
    return finish(url, text(made.body, "finalize"), key.certificate_request(names));
} catch (const Json::exception& error) {
    fail(std::string("the authority's answer is malformed: ") + error.what());
}

void Client::register_account(const std::string& contact) {
    Json wanted{{"termsOfServiceAgreed", true}};
    if (!contact.empty()) wanted["contact"] = Json::array({"mailto:" + contact});
    account_url_.clear();
    account_url_ = call(text(directory_, "newAccount"), wanted.dump()).response.field("location");
    if (account_url_.empty()) fail("the authority did not say which account it made");
}

void Client::authorize(const std::string& url, ChallengeBoard& board) {
    Json authorization = call(url, "").body;
    if (text(authorization, "status") == "valid") return;
    for (const Json& challenge : authorization.value("challenges", Json::array())) {
        if (!challenge.is_object() || challenge.value("type", "") != "http-01") continue;
        std::string token = text(challenge, "token");
        if (!base::unbase64url(token)) fail("the authority's challenge has an invalid token");
        const PostedChallenge posted(board, token, token + "." + account_.thumbprint());
        call(text(challenge, "url"), "{}");
        return await_authorization(url);
    }
    fail("the authority does not offer http-01, the only challenge that bodega supports");
}

void Client::await_authorization(const std::string& url) {
    Json authorization = poll(url, "pending");
    if (text(authorization, "status") == "valid") return;
    std::string why = "no reason given";
    for (const Json& challenge : authorization.value("challenges", Json::array()))
        if (challenge.is_object() && challenge.contains("error")) why = problem(challenge["error"]);
    Json name = authorization.value("identifier", Json::object());
    fail("the authority could not verify " + name.value("value", "a name") + ": " + why);
}

std::string Client::finish(const std::string& order_url, const std::string& finalize_url, const std::string& request) {
    Json order = poll(order_url, "pending");
    call(finalize_url, Json{{"csr", request}}.dump());
    order = poll(order_url, "processing");
    if (text(order, "status") != "valid")
        fail("the authority did not issue the certificate: " + problem(order.value("error", Json::object())));
    return call(text(order, "certificate"), "").response.body;
}

// Fetches the resource until its status differs from `while_status`.
Client::Json Client::poll(const std::string& url, std::string_view while_status) {
    for (int i = 0; i < kPolls; ++i) {
        Reply reply = call(url, "");
        if (text(reply.body, "status") != while_status) return reply.body;
        wait(poll_time(reply.response));
    }
    fail("the authority did not finish in time");
}

// Sends a request as RFC 8555 section 6.1 requires: over https only, with User-Agent and Accept-Language.
net::HttpResponse Client::ask(const char* method, const std::string& url, const std::string& body) {
    if (!url.starts_with("https://"))
        throw Error(Code::invalid, "acme: \"" + url.substr(0, 200) + "\" is not an https:// URL");
    net::HttpRequest request{method, url, {{"User-Agent", "bodega"}, {"Accept-Language", "en"}}, body};
    if (!body.empty()) request.fields.emplace_back("Content-Type", "application/jose+json");
    try {
        return http_.send(request);
    } catch (const Error& error) {
        throw Error(error.code(), std::string("acme: ") + error.what());
    }
}

Client::Reply Client::call(const std::string& url, const std::string& payload) {
    for (int i = 0; i < kNonceTries; ++i) {
        net::HttpResponse response = ask("POST", url, signed_body(url, payload));
        nonce_ = response.field("replay-nonce");
        Json body = parse(response);
        if (response.status < 400) return {std::move(response), std::move(body)};
        if (is_bad_nonce(body)) continue;
        fail("the authority answered " + std::to_string(response.status) + ": " + problem(body));
    }
    fail("the authority refuses its own nonces");
}

// Returns a signed request body: a flattened JWS (RFC 8555 section 6.2). It names the account by its URL or, before the
// URL is known, by its public key.
std::string Client::signed_body(const std::string& url, const std::string& payload) {
    Json head{{"alg", "ES256"}, {"nonce", take_nonce()}, {"url", url}};
    if (account_url_.empty()) head["jwk"] = Json::parse(account_.jwk());
    else head["kid"] = account_url_;
    std::string protect = encoded(head.dump()), body = encoded(payload);
    return Json{{"protected", protect}, {"payload", body}, {"signature", account_.sign(protect + "." + body)}}.dump();
}

std::string Client::take_nonce() {
    if (nonce_.empty()) nonce_ = ask("HEAD", text(directory_, "newNonce")).field("replay-nonce");
    if (nonce_.empty()) fail("the authority sends no nonce");
    return std::exchange(nonce_, {});
}

void Client::wait(milliseconds time) {
    if (!pause_(time)) fail("the order was aborted: this node stops");
}

}  // namespace bodega::acme
