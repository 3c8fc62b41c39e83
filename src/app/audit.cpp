#include "app/audit.h"

#include "base/log.h"

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

std::string detail(std::string_view name, std::string_view value) {
    std::string out = "{";
    base::log::append_json_string(out, name);
    out += ':';
    base::log::append_json_string(out, value);
    return out += '}';
}

std::vector<store::AuditRecord> AuditTrail::list(const store::AuditFilter& filter) {
    return services_.catalog.read([&](db::Connection& connection) { return store::Audit(connection).list(filter); });
}

}  // namespace bodega::app
