// Who did what: one row an act, written in the act's own transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct AuditRecord {
    base::Ulid id;  // set by append, like `at`
    base::Milliseconds at = 0;
    std::optional<base::Ulid> user_id;  // none: the command line, or nobody who is known
    std::string username;               // as it was then; "" for nobody
    std::string action;                 // "entry.trash", "user.create": noun and verb
    std::string target;                 // what it was done to, for a person: a name
    std::optional<base::Ulid> target_id;
    std::string address;
    std::string detail = "{}";  // a JSON object; never a secret
};

struct AuditFilter {
    std::optional<base::Ulid> user_id;
    std::optional<base::Ulid> target_id;
    std::optional<std::string> action;
    std::optional<base::Milliseconds> since, until;  // by the clock of the node that wrote it; until: not included
    std::optional<base::Ulid> before;                // keyset: rows older than this one
    int limit = 100;
};

class Audit {
public:
    explicit Audit(db::Connection& connection) : connection_(connection) {}

    // Texts longer than their columns are cut at a character. Requires: a transaction, the act's own.
    void append(const AuditRecord& record);

    std::vector<AuditRecord> list(const AuditFilter& filter);  // newest first

    // Removes the oldest of what was written before `until`, at most `limit`; returns how many those were.
    int trim(base::Milliseconds until, int limit);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
