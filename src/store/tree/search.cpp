#include "store/tree/search.h"

#include <algorithm>

#include "base/error.h"
#include "store/sql_text.h"
#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

// The search examines the keys in windows, each larger than the one before. A common pattern fills its page from the
// first, small window. A rare pattern needs few statements.
constexpr int kFirstWindow = 1'000;
constexpr int kLargestWindow = 32'000;

// The search reads two kinds of index ranges: the later ids of one key (kSame), or all later keys (kLater). Each may
// have an upper bound, which is left out for the last window. Two kinds are needed, because for a row comparison,
// (name_key, id) > (x, y), MySQL would examine all keys of the space.
constexpr std::string_view kSame = "space_id = ? AND name_key = ? AND id > ? ";
constexpr std::string_view kUpToId = "AND id <= ? ";
constexpr std::string_view kLater = "space_id = ? AND name_key > ? ";
constexpr std::string_view kUpToKey = "AND name_key < ? ";

// The inner query reads only the index. The outer query reads only the rows that the inner one found.
constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFromIndex = ", e.name_key FROM (SELECT id FROM entries {use_index entries_search} WHERE ";
constexpr std::string_view kMatching =
    "AND trash_id IS NULL AND name_key LIKE ? ESCAPE '!' ORDER BY name_key, id LIMIT ?) w "
    "JOIN entries e ON e.id = w.id LEFT JOIN users m ON m.id = e.modified_by "
    "LEFT JOIN users t ON t.id = e.trashed_by ORDER BY e.name_key, e.id";
constexpr std::string_view kHitsName = "search.hits";
constexpr db::Sql kHitsSame{kHitsName, kJoined<kSelect, kEntryColumns, kFromIndex, kSame, kMatching>};
constexpr db::Sql kHitsSameTo{kHitsName, kJoined<kSelect, kEntryColumns, kFromIndex, kSame, kUpToId, kMatching>};
constexpr db::Sql kHitsLater{kHitsName, kJoined<kSelect, kEntryColumns, kFromIndex, kLater, kMatching>};
constexpr db::Sql kHitsLaterTo{kHitsName, kJoined<kSelect, kEntryColumns, kFromIndex, kLater, kUpToKey, kMatching>};

// These queries find the last key of a window: OFFSET is the window's size minus 1. They read only the index, so they
// are cheap.
constexpr std::string_view kKeyFrom = "SELECT name_key, id FROM entries {use_index entries_search} WHERE ";
constexpr std::string_view kById = "ORDER BY id ";
constexpr std::string_view kByKey = "ORDER BY name_key, id ";
constexpr std::string_view kNth = "LIMIT 1 OFFSET ?";
constexpr db::Sql kEndSame{"search.end_same", kJoined<kKeyFrom, kSame, kById, kNth>};
constexpr db::Sql kEndLater{"search.end_later", kJoined<kKeyFrom, kLater, kByKey, kNth>};

constexpr db::Sql kSpaces{"search.spaces", "SELECT space_id FROM members WHERE user_id = ? ORDER BY space_id"};

class Scan {
public:
    Scan(db::Connection& connection, std::string_view pattern, int limit)
        : connection_(connection), pattern_(pattern), max_(static_cast<std::size_t>(limit)) {}

    // Searches one space from `at` on. If the page is full or the budget is used up, sets page.last and returns false.
    bool space(SearchPosition at) {
        while (budget_ > 0) {
            const auto end = window_end(at);
            if (hits(at, end)) return false;
            budget_ -= window_;
            window_ = std::min(window_ * 4, kLargestWindow);
            // More entries may have the key at which this window ended. So the next windows examine only that key, in
            // the order of ids, before they continue with later keys.
            if (end && at.within) at.id = end->id;
            else if (end) at = {at.space_id, end->name_key, {}, true};
            else if (at.within) at.within = false;
            else return true;
        }
        page.last = at;
        return false;
    }

    SearchPage page;

private:
    db::Statement& query(const SearchPosition& at, const std::optional<SearchPosition>& end, std::size_t wanted) {
        const auto& [space, key, id, within] = at;
        if (within && end) return connection_.query(kHitsSameTo, {space, key, id, end->id, pattern_, wanted});
        if (within) return connection_.query(kHitsSame, {space, key, id, pattern_, wanted});
        if (end) return connection_.query(kHitsLaterTo, {space, key, end->name_key, pattern_, wanted});
        return connection_.query(kHitsLater, {space, key, pattern_, wanted});
    }

    bool hits(const SearchPosition& at, const std::optional<SearchPosition>& end) {
        auto& row = query(at, end, max_ + 1 - page.items.size());
        while (row.next()) {
            if (page.items.size() == max_) {
                row.reset();
                page.last = SearchPosition{page.items.back().space_id, page.keys.back(), page.items.back().id, true};
                return true;
            }
            page.items.push_back(read_entry(row));
            page.keys.emplace_back(row.text(kEntryColumnCount));
        }
        return false;
    }

    std::optional<SearchPosition> window_end(const SearchPosition& at) {
        auto& row = at.within ? connection_.query(kEndSame, {at.space_id, at.name_key, at.id, window_ - 1})
                              : connection_.query(kEndLater, {at.space_id, at.name_key, window_ - 1});
        if (!row.next()) return std::nullopt;
        SearchPosition end{at.space_id, std::string(row.text(0)), row.ulid(1), false};
        row.reset();
        return end;
    }

    db::Connection& connection_;
    const std::string_view pattern_;
    const std::size_t max_;
    int window_ = kFirstWindow;
    int budget_ = kSearchBudget;
};

}  // namespace

std::vector<base::Ulid> searchable_spaces(db::Connection& connection, const base::Ulid& user_id) {
    std::vector<base::Ulid> out;
    auto& row = connection.query(kSpaces, {user_id});
    while (row.next()) out.push_back(row.ulid(0));
    return out;
}

SearchPage search_names(db::Connection& connection, std::span<const base::Ulid> spaces, std::string_view pattern,
                        const std::optional<SearchPosition>& after, int limit) {
    auto space = spaces.begin();
    if (after) space = std::find(spaces.begin(), spaces.end(), after->space_id);
    if (after && space == spaces.end()) {
        throw base::Error(base::Code::invalid, "The cursor is of another search. Start again without it.");
    }
    Scan scan(connection, pattern, limit);
    SearchPosition at = after.value_or(SearchPosition{});
    for (; space != spaces.end(); ++space, at = {}) {
        at.space_id = *space;
        if (!scan.space(at)) break;
    }
    return std::move(scan.page);
}

}  // namespace bodega::store
