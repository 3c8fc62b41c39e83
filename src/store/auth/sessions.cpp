#include "store/auth/sessions.h"

#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, created_at, last_seen_at, expires_at, user_agent, address FROM sessions ";
constexpr std::string_view kById = "WHERE id = ?";
constexpr std::string_view kOfUser = "WHERE user_id = ? AND expires_at > {now} ORDER BY last_seen_at DESC, id DESC";

constexpr db::Sql kInsert{"sessions.insert",
                          "INSERT INTO sessions (hash, id, user_id, created_at, last_seen_at, expires_at, user_agent, "
                          "address) VALUES (?, ?, ?, {now}, {now}, {now} + ?, ?, ?)"};
constexpr db::Sql kFind{"sessions.find", kJoined<kSelect, kById>};
constexpr db::Sql kList{"sessions.list", kJoined<kSelect, kOfUser>};
constexpr db::Sql kSlide{"sessions.slide",
                         "UPDATE sessions SET last_seen_at = {now}, expires_at = {now} + ? "
                         "WHERE hash = ? AND last_seen_at < {now} - ? AND expires_at > {now}"};
constexpr db::Sql kRemove{"sessions.remove", "DELETE FROM sessions WHERE id = ? AND user_id = ?"};
constexpr db::Sql kRemoveAll{"sessions.remove_all", "DELETE FROM sessions WHERE user_id = ? AND id <> ?"};
constexpr db::Sql kExpired{"sessions.expired", "SELECT hash FROM sessions WHERE expires_at <= {now} LIMIT ?"};
constexpr db::Sql kRemoveOne{"sessions.remove_one", "DELETE FROM sessions WHERE hash = ?"};

Session read_session(const db::Statement& row) {
    Session session;
    session.id = row.ulid(0);
    session.created_at = row.int64(1);
    session.last_seen_at = row.int64(2);
    session.expires_at = row.int64(3);
    session.user_agent = row.text(4);
    session.address = row.text(5);
    return session;
}

}  // namespace

void Sessions::insert(const NewSession& session) {
    connection_.execute(kInsert, {db::Blob{session.hash}, session.id, session.user_id, session.lifetime,
                                  session.user_agent, session.address});
}

std::optional<Session> Sessions::find(const base::Ulid& id) {
    auto& row = connection_.query(kFind, {id});
    if (!row.next()) return std::nullopt;
    Session session = read_session(row);
    row.reset();
    return session;
}

std::vector<Session> Sessions::list(const base::Ulid& user_id) {
    std::vector<Session> sessions;
    auto& row = connection_.query(kList, {user_id});
    while (row.next()) sessions.push_back(read_session(row));
    return sessions;
}

void Sessions::slide(const SecretHash& hash, base::Milliseconds lifetime, base::Milliseconds grain) {
    connection_.execute(kSlide, {lifetime, db::Blob{hash}, grain});
}

void Sessions::trim(const base::Ulid& user_id, std::size_t keep) {
    const std::vector<Session> sessions = list(user_id);
    for (std::size_t i = keep; i < sessions.size(); ++i) remove(sessions[i].id, user_id);
}

bool Sessions::remove(const base::Ulid& id, const base::Ulid& user_id) {
    return connection_.execute(kRemove, {id, user_id}).rows > 0;
}

std::int64_t Sessions::remove_all(const base::Ulid& user_id, const std::optional<base::Ulid>& but) {
    return connection_.execute(kRemoveAll, {user_id, but.value_or(base::Ulid{})}).rows;
}

std::int64_t Sessions::remove_expired(int max) {
    std::vector<base::Bytes> hashes;
    auto& row = connection_.query(kExpired, {max});
    while (row.next()) {
        auto bytes = base::as_bytes(row.text(0));
        hashes.emplace_back(bytes.begin(), bytes.end());
    }
    for (const base::Bytes& hash : hashes) connection_.execute(kRemoveOne, {hash});
    return static_cast<std::int64_t>(hashes.size());
}

}  // namespace bodega::store
