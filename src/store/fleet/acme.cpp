#include "store/fleet/acme.h"

namespace bodega::store {
namespace {

constexpr db::Sql kFindSecret{"acme.find_secret", "SELECT sealed FROM acme_secrets WHERE name = ?"};
constexpr db::Sql kPutSecret{"acme.put_secret",
                             "INSERT INTO acme_secrets (name, sealed) VALUES (?, ?) "
                             "{on_conflict name} sealed = {excluded sealed}"};
constexpr db::Sql kRemoveSecret{"acme.remove_secret", "DELETE FROM acme_secrets WHERE name = ?"};
constexpr db::Sql kPutChallenge{"acme.put_challenge",
                                "INSERT INTO acme_challenges (token, answer, expires_at) VALUES (?, ?, {now} + ?) "
                                "{on_conflict token} answer = {excluded answer}, expires_at = {excluded expires_at}"};
constexpr db::Sql kFindChallenge{"acme.find_challenge",
                                 "SELECT answer FROM acme_challenges WHERE token = ? AND expires_at > {now}"};
constexpr db::Sql kRemoveChallenge{"acme.remove_challenge",
                                   "DELETE FROM acme_challenges WHERE token = ? OR expires_at < {now}"};

std::optional<std::string> first_text(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    std::string text(row.text(0));
    row.reset();
    return text;
}

}  // namespace

std::optional<std::string> Acme::find_secret(std::string_view name) {
    return first_text(connection_.query(kFindSecret, {name}));
}

void Acme::put_secret(std::string_view name, const base::Bytes& sealed) {
    connection_.execute(kPutSecret, {name, db::Blob{sealed}});
}

void Acme::remove_secret(std::string_view name) { connection_.execute(kRemoveSecret, {name}); }

void Acme::put_challenge(std::string_view token, std::string_view answer, base::Milliseconds lifetime) {
    connection_.execute(kPutChallenge, {token, answer, lifetime});
}

std::optional<std::string> Acme::find_challenge(std::string_view token) {
    return first_text(connection_.query(kFindChallenge, {token}));
}

void Acme::remove_challenge(std::string_view token) { connection_.execute(kRemoveChallenge, {token}); }

}  // namespace bodega::store
