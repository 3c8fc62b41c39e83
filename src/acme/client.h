// Orders a certificate from an authority: RFC 8555 with http-01 (section 8.3). Blocking; every wait has a limit. One
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "acme/https.h"
#include "acme/key.h"

namespace bodega::acme {

// Publishes the answers to the authority's challenges while an order runs.
class ChallengeBoard {
public:
    virtual ~ChallengeBoard() = default;
    virtual void put(const std::string& token, const std::string& answer) = 0;  // may throw base::Error
    virtual void remove(const std::string& token) noexcept = 0;
};

class Client {
public:
    // Waits for the given time. False: this node stops, and the order is aborted.
    using Pause = std::function<bool(std::chrono::milliseconds)>;

    // The arguments by reference outlive it. `directory`: the URL of the authority's directory (RFC 8555, section
    // 7.1.1).
    Client(Https& https, const Key& account, std::string directory, Pause pause);

    // Orders a certificate of `names` for `key`. Returns the chain in PEM, that certificate first. Creates the account
    // unless it exists, and agrees to the authority's terms. `contact`: a mail address, may be empty. Throws
    // base::Error{unavailable} with the authority's reason.
    std::string order(const std::vector<std::string>& names, const Key& key, const std::string& contact,
                      ChallengeBoard& board);

private:
    using Json = nlohmann::json;
    struct Reply {
        HttpsAnswer answer;
        Json body;
    };

    void register_account(const std::string& contact);
    void authorize(const std::string& url, ChallengeBoard& board);
    void await_authorization(const std::string& url);
    std::string finish(const std::string& order_url, const std::string& finalize_url, const std::string& request);

    Reply call(const std::string& url, const std::string& payload);  // signed; "" is a POST-as-GET
    std::string signed_body(const std::string& url, const std::string& payload);
    std::string take_nonce();
    Json poll(const std::string& url, std::string_view while_status);
    void wait(std::chrono::milliseconds time);

    Https& https_;
    const Key& account_;
    const std::string directory_url_;
    const Pause pause_;
    Json directory_;
    std::string account_url_;  // empty until register_account()
    std::string nonce_;        // empty: fetch a new one
};

}  // namespace bodega::acme
