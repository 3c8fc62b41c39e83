// The audit trail: one row per act, written in the act's own transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct AuditRecord {
    base::Ulid id;  // append() sets `id` and `at`
    base::Milliseconds at = 0;
    std::optional<base::Ulid> user_id;  // nullopt: the command line, or an unknown caller
    std::string username;               // name at the time of the act; "" for an unknown caller
    std::string action;                 // noun and verb: "entry.trash", "user.create"
    std::string target;                 // the name of the object, for a person
    std::optional<base::Ulid> target_id;
    std::string address;
    std::string detail = "{}";  // a JSON object, without secrets
};

struct AuditFilter {
    std::optional<base::Ulid> user_id;
    std::optional<base::Ulid> target_id;
    std::optional<std::string> action;
    // Times on the clock of the node that wrote the row, from `since` to just before `until`.
    std::optional<base::Milliseconds> since, until;
    std::optional<base::Ulid> before;  // only rows older than this one, for paging (keyset)
    int limit = 100;
};

class Audit {
public:
    explicit Audit(db::Connection& connection) : connection_(connection) {}

    // Cuts texts that are too long for their columns, but never within a character. Requires: the transaction of the
    // act.
    void append(const AuditRecord& record);

    std::vector<AuditRecord> list(const AuditFilter& filter);  // newest first

    // Removes at most `limit` rows that are older than `until`, the oldest first. Returns how many were removed.
    int trim(base::Milliseconds until, int limit);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
