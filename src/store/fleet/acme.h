// The fleet's data for certificates from an ACME authority: secrets, which the caller has sealed, and answers to
// challenges. Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/encoding.h"
#include "db/connection.h"

namespace bodega::store {

class Acme {
public:
    explicit Acme(db::Connection& connection) : connection_(connection) {}

    std::optional<std::string> find_secret(std::string_view name);      // returns the sealed secret
    void put_secret(std::string_view name, const base::Bytes& sealed);  // replaces the existing secret
    void remove_secret(std::string_view name);

    void put_challenge(std::string_view token, std::string_view answer, base::Milliseconds lifetime);
    std::optional<std::string> find_challenge(std::string_view token);
    void remove_challenge(std::string_view token);  // also removes expired challenges

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
