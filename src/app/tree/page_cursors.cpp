#include "app/tree/page_cursors.h"

#include "app/tree/cursor.h"

namespace bodega::app {
namespace {

constexpr std::uint8_t kTrash = 0x40;
constexpr std::uint8_t kSearch = 0x41;
constexpr std::uint8_t kJob = 0x42;
constexpr std::uint8_t kJobItem = 0x43;
constexpr std::uint8_t kSpaces = 0x44;
constexpr std::uint8_t kMembers = 0x45;

std::uint8_t purpose(store::Sort sort, store::Order order) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(sort) * 2 + static_cast<unsigned>(order));
}

}  // namespace

std::string write_cursor(const store::ListingPosition& position, store::Sort sort, store::Order order) {
    return CursorWriter(purpose(sort, order))
        .number(static_cast<std::int64_t>(position.kind))
        .id(position.id)
        .number(position.number)
        .text(position.name_key)
        .text(position.mime)
        .encoded();
}

store::ListingPosition read_listing_cursor(std::string_view cursor, store::Sort sort, store::Order order) {
    CursorReader reader(cursor, purpose(sort, order));
    store::ListingPosition position;
    position.kind = reader.number() == 0 ? store::EntryKind::folder : store::EntryKind::file;
    position.id = reader.id();
    position.number = reader.number();
    position.name_key = reader.text();
    position.mime = reader.text();
    reader.end();
    return position;
}

std::string write_cursor(const store::TrashPosition& position) {
    return CursorWriter(kTrash).number(position.trashed_at).id(position.id).encoded();
}

store::TrashPosition read_trash_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kTrash);
    store::TrashPosition position;
    position.trashed_at = reader.number();
    position.id = reader.id();
    reader.end();
    return position;
}

std::string write_cursor(const store::SearchPosition& position) {
    return CursorWriter(kSearch)
        .id(position.space_id)
        .id(position.id)
        .number(position.within ? 1 : 0)
        .text(position.name_key)
        .encoded();
}

store::SearchPosition read_search_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kSearch);
    store::SearchPosition position;
    position.space_id = reader.id();
    position.id = reader.id();
    position.within = reader.number() != 0;
    position.name_key = reader.text();
    reader.end();
    return position;
}

std::string write_job_cursor(const base::Ulid& id) { return CursorWriter(kJob).id(id).encoded(); }

base::Ulid read_job_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kJob);
    const base::Ulid id = reader.id();
    reader.end();
    return id;
}

std::string write_job_item_cursor(std::int64_t number) { return CursorWriter(kJobItem).number(number).encoded(); }

std::int64_t read_job_item_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kJobItem);
    const std::int64_t number = reader.number();
    reader.end();
    return number;
}

std::string write_cursor(const store::SpacePosition& position) {
    return CursorWriter(kSpaces).text(position.kind).text(position.name).id(position.id).encoded();
}

store::SpacePosition read_spaces_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kSpaces);
    store::SpacePosition position;
    position.kind = reader.text();
    position.name = reader.text();
    position.id = reader.id();
    reader.end();
    return position;
}

std::string write_members_cursor(std::string_view username_key) {
    return CursorWriter(kMembers).text(username_key).encoded();
}

std::string read_members_cursor(std::string_view cursor) {
    CursorReader reader(cursor, kMembers);
    std::string username_key = reader.text();
    reader.end();
    return username_key;
}

}  // namespace bodega::app
