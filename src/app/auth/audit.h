// The trail of who did what: written by every use case that changes something, read by administrators.
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

// Adds the actor's act to the transaction that carries it out:
//
//   record(connection, actor, "entry.rename", entry.name, entry.id, R"({"to":"plan.txt"})");
//
// action: noun and verb; detail: a JSON object that holds no secret.
void record(db::Connection& connection, const Actor& actor, std::string_view action, std::string_view target,
            const std::optional<base::Ulid>& target_id, std::string_view detail = "{}");

using Fact = std::pair<std::string_view, std::string_view>;

// {"name":"value", …} with its escapes, for such details.
std::string detail(std::initializer_list<Fact> facts);
std::string detail(std::string_view name, std::string_view value);

// What the trail calls a folder: its name; a space's own folder has the space's.
std::string folder_name(db::Connection& connection, const store::Entry& folder);

class AuditTrail {
public:
    explicit AuditTrail(const Services& services) : services_(services) {}

    // Requires: the caller checked that an administrator asks.
    std::vector<store::AuditRecord> list(const store::AuditFilter& filter);

private:
    const Services& services_;
};

}  // namespace bodega::app
