// The trail of who did what, for administrators.
#include "app/audit.h"

#include "base/error.h"
#include "web/call.h"
#include "web/routes.h"
#include "web/views.h"

namespace bodega::web {
namespace {

void list_audit(Call& call) {
    store::AuditFilter filter;
    filter.user_id = call.query_ulid("user_id");
    filter.target_id = call.query_ulid("entry_id");
    filter.action = call.query("action");
    if (filter.action && filter.action->empty()) filter.action.reset();
    filter.limit = call.limit();
    if (auto cursor = call.cursor()) {
        filter.before = base::Ulid::parse(*cursor);
        if (!filter.before)
            throw base::Error(base::Code::invalid, "the query's \"cursor\" must be a cursor from an answer before");
    }
    const auto records = app::AuditTrail(call.services()).list(filter);
    const bool full = records.size() == static_cast<std::size_t>(filter.limit);
    call.respond_json(200, page_view(records, full ? records.back().id.text() : "", audit_view));
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/audit",
     list_audit,
     Guard::admin,
     Body::none,
     {.summary = "Who did what, the newest first",
      .response = "AuditPage",
      .query = "user_id action entry_id limit cursor"}},
};

}  // namespace

Routes audit_routes() { return kRoutes; }

}  // namespace bodega::web
