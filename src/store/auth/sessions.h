// The repository of sessions; all times are on the database's clock. Each object uses one connection, on that
// connection's thread.
#pragma once

#include <vector>

#include "db/connection.h"
#include "store/auth/session.h"

namespace bodega::store {

struct NewSession {
    base::Ulid id;
    SecretHash hash{};
    base::Ulid user_id;
    base::Milliseconds lifetime = 0;
    std::string user_agent;  // at most 255 characters
    std::string address;     // at most 64 bytes
};

class Sessions {
public:
    explicit Sessions(db::Connection& connection) : connection_(connection) {}

    void insert(const NewSession& session);

    std::optional<Session> find(const base::Ulid& id);
    std::vector<Session> list(const base::Ulid& user_id);  // live sessions, the most recently seen first

    // Sets the session's end to `lifetime` from now. Does nothing if the session was seen within the last `grain`.
    void slide(const SecretHash& hash, base::Milliseconds lifetime, base::Milliseconds grain);

    // Removes all but the `keep` most recently seen sessions.
    void trim(const base::Ulid& user_id, std::size_t keep);

    bool remove(const base::Ulid& id, const base::Ulid& user_id);  // false: the user has no session with this id
    std::int64_t remove_all(const base::Ulid& user_id, const std::optional<base::Ulid>& but);
    std::int64_t remove_expired(int max);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
