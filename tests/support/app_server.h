// The app's server in this process, on a fresh catalog of either engine, with signed-in users.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/auth/passwords.h"
#include "app/services.h"
#include "store/auth/user.h"
#include "support/catalog.h"
#include "support/http_client.h"
#include "support/temp_folder.h"
#include "web/server.h"

namespace bodega::test {

inline constexpr const char* kPassword = "correct horse battery";

// A caller on one connection, with its own credential.
class Caller {
public:
    explicit Caller(std::string address) : client_(std::move(address)) {}

    // The given fields come first; a body is sent as JSON unless a Content-Type says otherwise.
    Answer operator()(std::string_view method, std::string_view target, std::string_view body = {},
                      HttpClient::Fields fields = {});

    // Keeps the cookie of the answer.
    Answer sign_in(std::string_view username, std::string_view password = kPassword);

    HttpClient& client() noexcept { return client_; }

    std::string cookie;  // "bodega=…"; empty: none
    std::string device;  // "bodega_device=…", of the last sign-in; sent only when a test asks for it
    std::string token;   // sent as Bearer; empty: none

private:
    HttpClient client_;
};

class AppServer {
public:
    // adjust: changes the configuration before anything reads it. files: of the shared folder; they outlive the server.
    explicit AppServer(db::Dialect engine, const std::function<void(config::Config&)>& adjust = nullptr,
                       blobs::FileOps& files = blobs::FileOps::kernel());

    const app::Services& services() const noexcept { return services_; }
    TestCatalog& catalog() noexcept { return catalog_; }
    web::Server& server() noexcept { return server_; }
    const std::string& address() const noexcept { return address_; }

    Caller anonymous() const { return Caller(address_); }
    // Creates the account and signs it in.
    Caller person(std::string_view username, store::Role role = store::Role::member);

    // The root folder of an account's personal space.
    std::string root_of(std::string_view username);
    std::string id_of(std::string_view username);

private:
    TempFolder folder_;
    config::Config config_;
    TestCatalog catalog_;
    blobs::Store blobs_;
    app::Services services_;
    app::Passwords passwords_;
    std::string address_;
    web::Server server_;
};

}  // namespace bodega::test
