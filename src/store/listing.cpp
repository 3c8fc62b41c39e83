#include "store/listing.h"

#include <array>

#include "store/entry_row.h"

namespace bodega::store {
namespace {

// The columns of an order behind (parent_id, kind) and before id, and the index that has them so.
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

// The statements of one order. A page goes on behind a position in as many ranges of the index as it has
// columns: the same first column and a later second, and so on; each is one range without a filter.
// MySQL reads a row comparison, (a, b) > (x, y), and an OR as filters over all of the folder.
struct Statements {
    struct Owned {
        std::string name, text;
        db::Sql sql() const { return {name, text}; }
    };
    Owned whole;
    std::array<Owned, 3> behind;  // [n]: the first n columns as the position's, the next beyond it
};

// Without the index's name MySQL takes the ranges' common prefix alone and filters the rest.
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

// Made once; the texts live as long as the process, as db::Sql wants.
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

// The order that a kind of entry really has under a sort.
Sort effective(Sort sort, EntryKind kind) {
    return kind == EntryKind::folder && (sort == Sort::size || sort == Sort::kind) ? Sort::name : sort;
}

db::Param key(const ListingPosition& position, std::string_view column) {
    if (column == "name_key") return position.name_key;
    if (column == "mime") return position.mime;
    return position.number;
}

class Reader {
public:
    Reader(db::Connection& connection, const base::Ulid& folder_id, Sort sort, Order order, std::size_t wanted)
        : connection_(connection), folder_id_(folder_id), sort_(sort), order_(order), wanted_(wanted) {}

    void read_kind(EntryKind kind) {
        read(statements(effective(sort_, kind), order_).whole, {folder_id_, static_cast<int>(kind)});
    }

    // The rest of a kind: the narrowest range first.
    void read_behind(const ListingPosition& position) {
        const Sort sort = effective(sort_, position.kind);
        const Columns& c = kColumns[static_cast<std::size_t>(sort)];
        for (int fixed = c.count; fixed >= 0; --fixed) {
            std::vector<db::Param> params{folder_id_, static_cast<int>(position.kind)};
            for (int i = 0; i <= fixed && i < c.count; ++i) {
                params.push_back(key(position, c.columns[static_cast<std::size_t>(i)]));
            }
            if (fixed == c.count) params.emplace_back(position.id);
            read(statements(sort, order_).behind[static_cast<std::size_t>(fixed)], std::move(params));
        }
    }

    std::vector<Entry> items;
    std::vector<std::string> name_keys;

private:
    void read(const Statements::Owned& statement, std::vector<db::Param> params) {
        if (items.size() >= wanted_) return;
        params.emplace_back(wanted_ - items.size());
        auto& row = connection_.prepare(statement.sql());
        row.run(params);
        while (row.next()) {
            items.push_back(read_entry(row));
            name_keys.emplace_back(row.text(kEntryColumnCount));
        }
    }

    db::Connection& connection_;
    const base::Ulid& folder_id_;
    const Sort sort_;
    const Order order_;
    const std::size_t wanted_;
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
    const auto most = static_cast<std::size_t>(limit);
    Reader reader(connection, folder_id, sort, order, most + 1);
    if (after) reader.read_behind(*after);
    if (!after) reader.read_kind(EntryKind::folder);
    if (!after || after->kind == EntryKind::folder) reader.read_kind(EntryKind::file);

    ListingPage page;
    if (reader.items.size() > most) {
        reader.items.pop_back();
        const Entry& last = reader.items.back();
        const Sort sorted = effective(sort, last.kind);
        page.last = {last.kind, last.id, std::move(reader.name_keys[most - 1]), last.mime,
                     sorted == Sort::size ? last.size : last.modified_at};
    }
    page.items = std::move(reader.items);
    return page;
}

}  // namespace bodega::store
