#include "store/search.h"

#include <algorithm>

#include "base/error.h"
#include "store/entry_row.h"
#include "store/sql_text.h"

namespace bodega::store {
namespace {

// Keys are looked at in windows: a common pattern is done after the first, a rare one takes few statements.
constexpr int kFirstWindow = 1'000;
constexpr int kLargestWindow = 32'000;

// Two ranges of the index behind a position, each without a filter (see listing.cpp on row comparisons).
constexpr std::string_view kSame = "space_id = ? AND name_key = ? AND id > ? ORDER BY id ";
constexpr std::string_view kLater = "space_id = ? AND name_key > ? ORDER BY name_key, id ";

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFromWindow =
    ", w.name_key FROM (SELECT id, name_key, trash_id FROM entries {use_index entries_search} WHERE ";
constexpr std::string_view kMatching =
    "LIMIT ?) w JOIN entries e ON e.id = w.id LEFT JOIN users m ON m.id = e.modified_by "
    "LEFT JOIN users t ON t.id = e.trashed_by WHERE w.trash_id IS NULL AND w.name_key LIKE ? ESCAPE '!' "
    "ORDER BY w.name_key, w.id LIMIT ?";
constexpr db::Sql kHitsSame{"search.hits_same", kJoined<kSelect, kEntryColumns, kFromWindow, kSame, kMatching>};
constexpr db::Sql kHitsLater{"search.hits_later", kJoined<kSelect, kEntryColumns, kFromWindow, kLater, kMatching>};

// The window's last key. The offset is the window's size, which is bounded, and only the index is read.
constexpr std::string_view kKeyFrom = "SELECT name_key, id FROM entries {use_index entries_search} WHERE ";
constexpr std::string_view kNth = "LIMIT 1 OFFSET ?";
constexpr db::Sql kEndSame{"search.end_same", kJoined<kKeyFrom, kSame, kNth>};
constexpr db::Sql kEndLater{"search.end_later", kJoined<kKeyFrom, kLater, kNth>};

constexpr db::Sql kSpaces{"search.spaces", "SELECT space_id FROM members WHERE user_id = ? ORDER BY space_id"};

class Scan {
public:
    Scan(db::Connection& connection, std::string_view pattern, int limit)
        : connection_(connection), pattern_(pattern), most_(static_cast<std::size_t>(limit)) {}

    // Goes on in one space; false when the page is at its end, with page.last set.
    bool space(SearchPosition at) {
        while (budget_ > 0) {
            const bool same = !at.id.is_nil();
            if (hits(same, at)) return false;
            const auto end = window_end(same, at);
            budget_ -= window_;
            window_ = std::min(window_ * 4, kLargestWindow);
            if (end) {
                at = *end;
            } else if (same) {
                at.id = {};
            } else {
                return true;
            }
        }
        page.last = at;
        return false;
    }

    SearchPage page;

private:
    bool hits(bool same, const SearchPosition& at) {
        const std::size_t wanted = most_ + 1 - page.items.size();
        auto& row = same ? connection_.query(kHitsSame, {at.space_id, at.name_key, at.id, window_, pattern_, wanted})
                         : connection_.query(kHitsLater, {at.space_id, at.name_key, window_, pattern_, wanted});
        while (row.next()) {
            if (page.items.size() == most_) {
                row.reset();
                page.last = SearchPosition{page.items.back().space_id, last_key_, page.items.back().id};
                return true;
            }
            page.items.push_back(read_entry(row));
            last_key_ = row.text(kEntryColumnCount);
        }
        return false;
    }

    std::optional<SearchPosition> window_end(bool same, const SearchPosition& at) {
        auto& row = same ? connection_.query(kEndSame, {at.space_id, at.name_key, at.id, window_ - 1})
                         : connection_.query(kEndLater, {at.space_id, at.name_key, window_ - 1});
        if (!row.next()) return std::nullopt;
        SearchPosition end{at.space_id, std::string(row.text(0)), row.ulid(1)};
        row.reset();
        return end;
    }

    db::Connection& connection_;
    const std::string_view pattern_;
    const std::size_t most_;
    int window_ = kFirstWindow;
    int budget_ = kSearchBudget;
    std::string last_key_;
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
