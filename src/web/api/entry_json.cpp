#include "web/api/entry_json.h"

#include "base/encoding.h"
#include "web/api/json_text.h"

namespace bodega::web {
namespace {

// The approximate size of an entry in bytes, so that a page needs only one allocation.
constexpr std::size_t kEntryBytes = 512;

void append_text_or_null(JsonText& json, std::string_view name, std::string_view text) {
    json.key(name);
    if (text.empty()) json.null();
    else json.value(text);
}

void append_members(JsonText& json, const store::Entry& entry) {
    json.member("id", entry.id).member("parent_id", entry.parent_id).member("space_id", entry.space_id);
    json.member("kind", entry.is_folder() ? "folder" : "file").member("name", entry.name).member("size", entry.size);
    append_text_or_null(json, "mime", entry.mime);
    json.key("sha256");
    if (entry.sha256) json.value(base::hex(*entry.sha256));
    else json.null();
    json.member("version", entry.version).member("created_at", entry.created_at);
    json.member("modified_at", entry.modified_at);
    append_text_or_null(json, "modified_by", entry.modified_by);
    json.member("uploaded_at", entry.uploaded_at);
}

void append_path(JsonText& json, std::span<const store::PathStep> path) {
    json.key("path").open('[');
    for (const auto& step : path) json.open('{').member("id", step.id).member("name", step.name).close('}');
    json.close(']');
}

// Writes {"items":[…],"next_cursor":…}, with the members that `append` adds.
template <class Items, class Append>
std::string page_json(const Items& items, const std::optional<std::string>& next_cursor, Append append) {
    std::string out;
    out.reserve(items.size() * kEntryBytes + 256);
    JsonText json(out);
    json.open('{').key("items").open('[');
    for (const auto& item : items) {
        json.open('{');
        append(json, item);
        json.close('}');
    }
    json.close(']').member("next_cursor", next_cursor);
    return out;
}

std::string closed(std::string out) {
    out += '}';
    return out;
}

}  // namespace

std::string entry_json(const store::Entry& entry) {
    std::string out;
    JsonText json(out);
    json.open('{');
    append_members(json, entry);
    json.close('}');
    return out;
}

std::string details_json(const app::EntryDetails& details) {
    std::string out;
    JsonText json(out);
    json.open('{');
    append_members(json, details.entry);
    append_path(json, details.path);
    json.member("role", store::space_role_name(details.role)).key("children_count");
    if (details.entry.is_folder()) json.value(details.entry.child_count);
    else json.null();
    json.close('}');
    return out;
}

std::string listing_json(const app::ListingSlice& slice) {
    std::string out = page_json(slice.items, slice.next_cursor, append_members);
    return closed(std::move(out.append(",\"total\":").append(std::to_string(slice.total))));
}

std::string trash_json(const app::TrashListing& listing) {
    return closed(page_json(listing.items, listing.next_cursor, [](JsonText& json, const app::TrashedEntry& trashed) {
        append_members(json, trashed.entry);
        json.member("trashed_at", trashed.entry.trashed_at);
        append_text_or_null(json, "trashed_by", trashed.entry.trashed_by);
        json.member("original_path", trashed.original_path);
    }));
}

std::string search_json(const app::SearchResult& result) {
    return closed(page_json(result.items, result.next_cursor, [](JsonText& json, const app::FoundEntry& found) {
        append_members(json, found.entry);
        append_path(json, found.path);
    }));
}

std::string versions_json(std::span<const store::Version> versions) {
    return closed(page_json(versions, std::nullopt, [](JsonText& json, const store::Version& version) {
        json.member("version", version.number).member("size", version.content.size);
        json.member("sha256", base::hex(version.content.sha256)).member("created_at", version.created_at);
        json.member("modified_at", version.modified_at);
        append_text_or_null(json, "created_by", version.created_by);
    }));
}

}  // namespace bodega::web
