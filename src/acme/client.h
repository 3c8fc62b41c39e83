// Orders a certificate from a certificate authority by RFC 8555, with http-01 challenges (section 8.3). Calls block for
// a limited time. Single-threaded.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "acme/key.h"
#include "net/http_client.h"

namespace bodega::acme {

// Publishes the answers to the authority's challenges while an order runs.
class ChallengeBoard {
public:
    virtual ~ChallengeBoard() = default;
    virtual void put(const std::string& token, const std::string& answer) = 0;  // may throw base::Error
    virtual void remove(const std::string& token) noexcept = 0;
};

struct Authority {
    std::string directory;  // URL of the authority's directory (RFC 8555 section 7.1.1); must be https
    // CA bundle (PEM) that verifies the authority's servers; empty: the system's CA bundle.
    std::string ca_file;
};

class Client {
public:
    // Waits for the given time. Returns false if this node stops; the order is then aborted. While the Client waits for
    // an answer of the authority, it calls this function with zero several times a second, only to learn whether this
    // node stops.
    using Pause = std::function<bool(std::chrono::milliseconds)>;

    // `account` must outlive the Client. Throws Error{config_invalid} if the authority's ca_file can't be read.
    Client(const Authority& authority, const Key& account, const Pause& pause);

    // Orders a certificate of `names` for `key`. Returns the chain in PEM, which begins with the ordered certificate.
    // Creates the account unless it exists, and agrees to the authority's terms. `contact` is a mail address and may be
    // empty. Throws base::Error{unavailable} with the authority's reason.
    std::string order(const std::vector<std::string>& names, const Key& key, const std::string& contact,
                      ChallengeBoard& board);

private:
    using Json = nlohmann::json;
    struct Reply {
        net::HttpResponse response;
        Json body;
    };

    void register_account(const std::string& contact);
    void authorize(const std::string& url, ChallengeBoard& board);
    void await_authorization(const std::string& url);
    std::string finish(const std::string& order_url, const std::string& finalize_url, const std::string& request);

    net::HttpResponse ask(const char* method, const std::string& url, const std::string& body = {});
    // Sends a signed request; an empty payload makes it a POST-as-GET.
    Reply call(const std::string& url, const std::string& payload);
    std::string signed_body(const std::string& url, const std::string& payload);
    std::string take_nonce();
    Json poll(const std::string& url, std::string_view while_status);
    void wait(std::chrono::milliseconds time);

    const Key& account_;
    const std::string directory_url_;
    const Pause pause_;
    const net::HttpClient http_;
    Json directory_;
    std::string account_url_;  // empty until register_account()
    std::string nonce_;        // empty: a new nonce has to be fetched
};

}  // namespace bodega::acme
