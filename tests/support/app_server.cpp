#include "support/app_server.h"

#include <algorithm>

#include "app/auth/accounts.h"
#include "app/tree/spaces.h"

namespace bodega::test {
namespace {

config::Config test_config(const std::function<void(config::Config&)>& adjust) {
    config::Config config;
    config.accounts.argon2_memory = 64 << 10;  // as cheap as Argon2 gets
    config.accounts.argon2_passes = 1;
    if (adjust) adjust(config);
    return config;
}

web::Server::Options options(const std::string& address) {
    web::Server::Options options;
    options.app.listen = address;
    options.app.threads = 8;
    return options;
}

}  // namespace

Answer Caller::operator()(std::string_view method, std::string_view target, std::string_view body,
                          HttpClient::Fields fields) {
    auto has = [&](std::string_view name) {
        return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    };
    if (!cookie.empty() && !has("Cookie")) fields.emplace_back("Cookie", cookie);
    if (!cookie.empty() && !has("Origin") && !has("Sec-Fetch-Site"))
        fields.emplace_back("Origin", "http://files.example");
    if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
    if (!body.empty() && !has("Content-Type")) fields.emplace_back("Content-Type", "application/json");
    return client_.send(method, target, fields, body);
}

Answer Caller::sign_in(std::string_view username, std::string_view password) {
    const nlohmann::json body = {{"username", username}, {"password", password}};
    Answer answer = (*this)("POST", "/api/v1/session", body.dump());
    cookie.clear();
    const auto [first, last] = answer.fields.equal_range("set-cookie");
    for (auto at = first; at != last; ++at) {
        const std::string set = at->second.substr(0, at->second.find(';'));
        (set.starts_with("bodega=") ? cookie : device) = set;
    }
    return answer;
}

AppServer::AppServer(db::Dialect engine, const std::function<void(config::Config&)>& adjust, blobs::FileOps& files)
    : config_(test_config(adjust)),
      catalog_(engine),
      blobs_(folder_ / "shared", files),
      services_{config_, catalog_.pool(), blobs_},
      passwords_(config_.accounts),
      address_(folder_ / "app.sock"),
      server_(services_, options(address_)) {
    server_.start();
}

Caller AppServer::person(std::string_view username, store::Role role) {
    app::NewAccount account;
    account.username = username;
    account.password = kPassword;
    account.role = role;
    app::Accounts(services_, passwords_).create(app::console_actor(), account);
    Caller caller(address_);
    caller.sign_in(username);
    return caller;
}

std::string AppServer::id_of(std::string_view username) {
    const auto user = app::Accounts(services_, passwords_).find(username);
    return user ? user->id.text() : std::string();
}

std::string AppServer::root_of(std::string_view username) {
    const auto user = app::Accounts(services_, passwords_).find(username);
    auto connection = catalog_.pool().acquire();
    const auto space = store::Spaces(*connection).find_personal(user->id);
    return space ? space->root_id.text() : std::string();
}

}  // namespace bodega::test
