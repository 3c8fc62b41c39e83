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

// Where the authority's questions are answered from, for as long as an order takes.
class ChallengeBoard {
public:
    virtual ~ChallengeBoard() = default;
    virtual void put(const std::string& token, const std::string& answer) = 0;  // may throw base::Error
    virtual void remove(const std::string& token) noexcept = 0;
};

class Client {
public:
    // Waits for so long; false: there is no time left, and the order is given up.
    using Pause = std::function<bool(std::chrono::milliseconds)>;

    // All outlive it. `directory`: the authority's first URL.
    Client(Https& https, const Key& account, std::string directory, Pause pause);

    // The chain in PEM, the certificate of `names` for `key` first. Makes the account, agreeing to the authority's
    // terms, unless it is there; `contact`: a mail address, may be empty. Throws base::Error{unavailable} that says
    // what the authority said.
    std::string order(const std::vector<std::string>& names, const Key& key, const std::string& contact,
                      ChallengeBoard& board);

private:
    using Json = nlohmann::json;
    struct Reply {
        HttpsAnswer answer;
        Json body;
    };

    void sign_up(const std::string& contact);
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
    std::string account_url_;  // empty until sign_up()
    std::string nonce_;        // empty: none is left
};

}  // namespace bodega::acme
