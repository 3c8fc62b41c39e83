// The audit log: which actor did what. Every use case that changes something appends to it; administrators read it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/audit.h"
#include "store/tree/entry.h"

namespace bodega::app {

// Appends an audit record in the transaction that carries out the action:
//
//   record(connection, actor, "entry.rename", entry.name, entry.id, R"({"to":"plan.txt"})");
//
// action: a noun and a verb. detail: a JSON object without secrets.
void record(db::Connection& connection, const Actor& actor, std::string_view action, std::string_view target,
            const std::optional<base::Ulid>& target_id, std::string_view detail = "{}");

using Fact = std::pair<std::string_view, std::string_view>;

// Formats a record's detail as a JSON object, {"name":"value", …}, with escapes.
std::string detail(std::initializer_list<Fact> facts);
std::string detail(std::string_view name, std::string_view value);

// The name that the audit log shows for a folder. A space's root folder is shown with the space's name.
std::string folder_name(db::Connection& connection, const store::Entry& folder);

class AuditTrail {
public:
    explicit AuditTrail(const Services& services) : services_(services) {}

    // Requires: the caller has checked that the actor is an administrator.
    std::vector<store::AuditRecord> list(const store::AuditFilter& filter);

private:
    const Services& services_;
};

}  // namespace bodega::app
