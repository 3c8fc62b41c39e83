// The audit log, for administrators.
#include "app/auth/audit.h"

#include <charconv>

#include "base/error.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

constexpr base::Milliseconds kLastTime = (base::Milliseconds{1} << 48) - 1;  // the latest time that an id can hold

std::optional<base::Milliseconds> query_time(const Call& call, std::string_view name) {
    const auto text = call.query(name);
    if (!text || text->empty()) return std::nullopt;
    base::Milliseconds when = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), when);
    if (error != std::errc() || end != text->data() + text->size() || when < 0 || when > kLastTime)
        throw base::Error(base::Code::invalid, "The query parameter \"" + std::string(name) +
                                                   "\" must be a time in milliseconds since 1970.");
    return when;
}

void list_audit(Call& call) {
    store::AuditFilter filter;
    filter.user_id = call.query_ulid("user_id");
    filter.target_id = call.query_ulid("entry_id");
    filter.action = call.query("action");
    if (filter.action && filter.action->empty()) filter.action.reset();
    filter.since = query_time(call, "since");
    filter.until = query_time(call, "until");
    filter.limit = call.limit();
    if (auto cursor = call.cursor()) {
        filter.before = base::Ulid::parse(*cursor);
        if (!filter.before)
            throw base::Error(base::Code::invalid,
                              "The query parameter \"cursor\" must be the next_cursor of an earlier answer.");
    }
    const auto records = app::AuditTrail(call.services()).list(filter);
    const bool full = records.size() == static_cast<std::size_t>(filter.limit);
    call.respond_json(200, page_json(records, full ? records.back().id.text() : "", audit_json));
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/audit",
     list_audit,
     Guard::admin,
     Body::none,
     {.summary = "The audit trail, newest first",
      .response = "AuditPage",
      .query = "user_id action entry_id since until limit cursor"}},
};

}  // namespace

Routes audit_routes() { return kRoutes; }

}  // namespace bodega::web
