#include "app/auth/audit.h"

#include "base/log.h"
#include "store/tree/spaces.h"

namespace bodega::app {

void record(db::Connection& connection, const Actor& actor, std::string_view action, std::string_view target,
            const std::optional<base::Ulid>& target_id, std::string_view detail) {
    store::AuditRecord row;
    if (!actor.user_id.is_nil()) row.user_id = actor.user_id;
    row.username = actor.username;
    row.action = action;
    row.target = target;
    row.target_id = target_id;
    row.address = actor.origin.address;
    row.detail = detail;
    store::Audit(connection).append(row);
}

std::string detail(std::initializer_list<Fact> facts) {
    std::string out = "{";
    for (const auto& [name, value] : facts) {
        if (out.size() > 1) out += ',';
        base::log::append_json_string(out, name);
        out += ':';
        base::log::append_json_string(out, value);
    }
    return out += '}';
}

std::string detail(std::string_view name, std::string_view value) { return detail({{name, value}}); }

std::string folder_name(db::Connection& connection, const store::Entry& folder) {
    if (folder.parent_id) return folder.name;
    const auto space = store::Spaces(connection).find(folder.space_id);
    return space ? space->name : folder.name;
}

std::vector<store::AuditRecord> AuditTrail::list(const store::AuditFilter& filter) {
    return services_.catalog.read([&](db::Connection& connection) { return store::Audit(connection).list(filter); });
}

}  // namespace bodega::app
