#include "app/tree/entry_details.h"

#include <algorithm>

#include "app/tree/short_hash.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {
EntryDetails entry_details(db::Connection& connection, store::Entry entry, store::SpaceRole role) {
    EntryDetails details{std::move(entry), role, {}};
    if (details.entry.parent_id) details.path = store::Entries(connection).path(details.entry.id);
    return details;
}

std::string entry_tag(const EntryDetails& details) {
    const store::Entry& e = details.entry;
    ShortHash hash;
    hash.add(e.id.raw());
    hash.add(e.space_id.raw());
    hash.add(e.name);
    hash.add(e.version);
    if (e.sha256) hash.add({reinterpret_cast<const char*>(e.sha256->data()), e.sha256->size()});
    hash.add(e.child_count);
    hash.add(e.modified_at);
    hash.add(e.modified_by);
    hash.add(e.trashed_at.value_or(-1));
    hash.add(static_cast<std::int64_t>(details.role));
    for (const auto& step : details.path) {
        hash.add(step.id.raw());
        hash.add(step.name);
    }
    return '"' + hash.hex() + '"';
}

void require_match(const ExpectedTags& expected, const EntryDetails& now) {
    if (expected.any || std::ranges::find(expected.tags, entry_tag(now)) != expected.tags.end()) return;
    throw base::Error(base::Code::precondition_failed, "It was changed meanwhile. Look at it again, then retry.");
}

}  // namespace bodega::app
