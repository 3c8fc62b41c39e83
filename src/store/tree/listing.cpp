#include "store/tree/listing.h"

#include <algorithm>
#include <array>

#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

// The columns by which one sort orders the rows, and the index for it. The index has the columns parent_id and kind,
// then these columns, then id.
struct Columns {
    std::string_view name;
    std::string_view index;
    std::array<std::string_view, 2> columns;
    int count;
};

constexpr std::array<Columns, 4> kColumns{{
    {"name", "entries_by_name", {"name_key"}, 1},
    {"size", "entries_by_size", {"size"}, 1},
    {"time", "entries_by_time", {"modified_at"}, 1},
    {"mime", "entries_by_mime", {"mime", "name_key"}, 2},
}};

// The statements of one order. Rows are ordered by its columns and, last, by the id. A page that begins after a
// position reads one range of the index for each of these. For example, for the column a and the id: first the rows
// with the same a and a later id, then the rows with a later a. Every row in a range belongs to the page. One range
// with a row comparison, (a, id) > (x, y), or with an OR would be simpler, but MySQL would read the whole folder for
// it.
struct Statements {
    struct Owned {
        std::string name, text;
        db::Sql sql() const { return {name, text}; }
    };
    Owned whole;
    // behind[n] reads the rows whose first n columns equal those of the position, and whose next column comes after it.
    std::array<Owned, 3> behind;
};

// Names the index ({use_index}). Otherwise MySQL uses only the first columns of the index, which all ranges share, and
// reads more rows than it needs.
std::string select_text(const Columns& c, std::string_view condition, int fixed, bool descending) {
    const std::string direction = descending ? " DESC" : "";
    std::string text = "SELECT ";
    text.append(kEntryColumns).append(", e.name_key FROM entries e {use_index ").append(c.index).append("} ");
    text.append(
        "LEFT JOIN users m ON m.id = e.modified_by LEFT JOIN users t ON t.id = e.trashed_by "
        "WHERE e.parent_id = ? AND e.kind = ?");
    text.append(condition).append(" ORDER BY ");
    for (int i = fixed; i < c.count; ++i) {
        text.append("e.").append(c.columns[static_cast<std::size_t>(i)]).append(direction).append(", ");
    }
    return text.append("e.id").append(direction).append(" LIMIT ?");
}

Statements make_statements(const Columns& c, bool descending) {
    const std::string prefix = "listing." + std::string(c.name) + (descending ? ".desc" : ".asc");
    Statements out;
    out.whole = {prefix, select_text(c, "", 0, descending)};
    std::string same;
    for (int fixed = 0; fixed <= c.count; ++fixed) {
        const auto at = static_cast<std::size_t>(fixed);
        const std::string_view column = fixed < c.count ? c.columns[at] : "id";
        std::string behind = same;
        behind.append(" AND e.").append(column).append(descending ? " < ?" : " > ?");
        out.behind[at] = {prefix + ".behind" + std::to_string(fixed), select_text(c, behind, fixed, descending)};
        same.append(" AND e.").append(column).append(" = ?");
    }
    return out;
}

// Created once; the texts live as long as the process, as db::Sql requires.
const Statements& statements(Sort sort, Order order) {
    static const auto kAll = [] {
        std::array<std::array<Statements, 2>, kColumns.size()> all;
        for (std::size_t i = 0; i < kColumns.size(); ++i) {
            all[i] = {make_statements(kColumns[i], false), make_statements(kColumns[i], true)};
        }
        return all;
    }();
    return kAll[static_cast<std::size_t>(sort)][order == Order::descending ? 1 : 0];
}

// Returns the sort for a kind of entry: folders have no size and no type, so they sort by name.
Sort effective(Sort sort, EntryKind kind) {
    return kind == EntryKind::folder && (sort == Sort::size || sort == Sort::kind) ? Sort::name : sort;
}

db::Param key(const ListingPosition& position, std::string_view column) {
    if (column == "name_key") return position.name_key;
    if (column == "mime") return position.mime;
    return position.number;
}

// A page in one round trip: a union of ranges. Each row has the number of its range.
struct Page {
    struct Range {
        const Statements::Owned* statement;
        Sort sort;
        EntryKind kind;
        int fixed;  // the range is statement->behind[fixed]; -1: it is all rows of the kind
    };
    std::vector<Range> ranges;
    Statements::Owned all;

    db::Sql sql() const { return all.sql(); }
};

enum class From : std::uint8_t { start, folders, files };  // where a page begins

void add_whole(Page& page, Sort sort, Order order, EntryKind kind) {
    const Sort sorted = effective(sort, kind);
    page.ranges.push_back({&statements(sorted, order).whole, sorted, kind, -1});
}

// Adds the ranges after the position within a kind, the narrowest range first.
void add_behind(Page& page, Sort sort, Order order, EntryKind kind) {
    const Sort sorted = effective(sort, kind);
    for (int fixed = kColumns[static_cast<std::size_t>(sorted)].count; fixed >= 0; --fixed)
        page.ranges.push_back(
            {&statements(sorted, order).behind[static_cast<std::size_t>(fixed)], sorted, kind, fixed});
}

// The ranges and, after them, the folder's own row. One statement reads all of them at one moment.
std::string union_of(const std::vector<Page::Range>& ranges) {
    std::string out;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        std::string text = ranges[i].statement->text;
        text.insert(text.find(" FROM entries e"), ", " + std::to_string(i));
        out.append(i == 0 ? "" : " UNION ALL ").append("{branch}").append(text).append(")");
    }
    out.append(" UNION ALL {branch}SELECT ").append(kEntryColumns).append(", e.name_key, ");
    return out.append(std::to_string(ranges.size()))
        .append(
            " FROM entries e LEFT JOIN users m ON m.id = e.modified_by LEFT JOIN users t ON t.id = e.trashed_by "
            "WHERE e.id = ? LIMIT 1)");
}

Page make_page(Sort sort, Order order, From from) {
    Page page;
    if (from == From::start) add_whole(page, sort, order, EntryKind::folder);
    if (from == From::folders) add_behind(page, sort, order, EntryKind::folder);
    if (from == From::files) add_behind(page, sort, order, EntryKind::file);
    else add_whole(page, sort, order, EntryKind::file);
    page.all.name = "listing.page" + std::to_string(static_cast<int>(sort)) + std::to_string(static_cast<int>(order)) +
                    std::to_string(static_cast<int>(from));
    page.all.text = union_of(page.ranges);
    return page;
}

// Created once; the texts live as long as the process, as db::Sql requires.
const Page& page_of(Sort sort, Order order, From from) {
    using OfSort = std::array<std::array<Page, 3>, 2>;
    static const auto kAll = [] {
        std::array<OfSort, kColumns.size()> all;
        for (const Sort s : {Sort::name, Sort::size, Sort::modified_at, Sort::kind})
            for (const Order o : {Order::ascending, Order::descending})
                for (const From f : {From::start, From::folders, From::files})
                    all[static_cast<std::size_t>(s)][static_cast<std::size_t>(o)][static_cast<std::size_t>(f)] =
                        make_page(s, o, f);
        return all;
    }();
    return kAll[static_cast<std::size_t>(sort)][static_cast<std::size_t>(order)][static_cast<std::size_t>(from)];
}

From begin_of(const std::optional<ListingPosition>& after) {
    if (!after) return From::start;
    return after->kind == EntryKind::folder ? From::folders : From::files;
}

struct Found {
    int range;
    Entry entry;
    std::string name_key;
};

class Reader {
public:
    Reader(db::Connection& connection, const base::Ulid& folder_id, std::size_t wanted)
        : connection_(connection), folder_id_(folder_id), wanted_(wanted) {}

    // Returns at most `wanted` items in the page's order, and the folder itself.
    std::vector<Found> read(const Page& page, const std::optional<ListingPosition>& after) {
        for (const Page::Range& range : page.ranges) bind(range, after);
        params_.emplace_back(folder_id_);
        const auto own = static_cast<std::int64_t>(page.ranges.size());
        std::vector<Found> found;
        auto& row = connection_.prepare(page.sql());
        row.run(params_);
        while (row.next()) {
            const std::int64_t range = row.int64(kEntryColumnCount + 1);
            if (range == own) folder_ = read_entry(row);
            else found.push_back({static_cast<int>(range), read_entry(row), std::string(row.text(kEntryColumnCount))});
        }
        // Each range is sorted, but no engine guarantees the order of a union, so sort by the range's number.
        std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.range < b.range; });
        if (found.size() > wanted_) found.erase(found.begin() + static_cast<std::ptrdiff_t>(wanted_), found.end());
        return found;
    }

    std::optional<Entry> take_folder() noexcept { return std::move(folder_); }

private:
    void bind(const Page::Range& range, const std::optional<ListingPosition>& after) {
        params_.insert(params_.end(), {folder_id_, static_cast<int>(range.kind)});
        const Columns& c = kColumns[static_cast<std::size_t>(range.sort)];
        for (int i = 0; i <= range.fixed && i < c.count; ++i)
            params_.push_back(key(*after, c.columns[static_cast<std::size_t>(i)]));
        if (range.fixed == c.count) params_.emplace_back(after->id);
        params_.emplace_back(wanted_);
    }

    db::Connection& connection_;
    const base::Ulid& folder_id_;
    const std::size_t wanted_;
    std::vector<db::Param> params_;
    std::optional<Entry> folder_;
};

}  // namespace

std::vector<db::Sql> listing_statements() {
    std::vector<db::Sql> out;
    for (const Sort sort : {Sort::name, Sort::size, Sort::modified_at, Sort::kind}) {
        for (const Order order : {Order::ascending, Order::descending}) {
            const Statements& all = statements(sort, order);
            out.push_back(all.whole.sql());
            for (int fixed = 0; fixed <= kColumns[static_cast<std::size_t>(sort)].count; ++fixed) {
                out.push_back(all.behind[static_cast<std::size_t>(fixed)].sql());
            }
        }
    }
    return out;
}

ListingPage list_children(db::Connection& connection, const base::Ulid& folder_id, Sort sort, Order order,
                          const std::optional<ListingPosition>& after, int limit) {
    const auto max = static_cast<std::size_t>(limit);
    Reader reader(connection, folder_id, max + 1);
    auto found = reader.read(page_of(sort, order, begin_of(after)), after);
    ListingPage page;
    page.folder = reader.take_folder();
    if (found.size() > max) {
        found.pop_back();
        Found& last = found.back();
        const Sort sorted = effective(sort, last.entry.kind);
        page.last = {last.entry.kind, last.entry.id, std::move(last.name_key), last.entry.mime,
                     sorted == Sort::size ? last.entry.size : last.entry.modified_at};
    }
    page.items.reserve(found.size());
    for (Found& one : found) page.items.push_back(std::move(one.entry));
    return page;
}

}  // namespace bodega::store
