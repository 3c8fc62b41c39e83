#include "app/backup/table_sum.h"

#include "base/encoding.h"
#include "store/backup/table_rows.h"

namespace bodega::app {

TableSummer::TableSummer(const db::Table& table) {
    sum_.table = table.name;
    std::string head = table.name + "\n";
    for (const db::Column& column : table.columns) {
        head.append(column.name).append(" ").append(std::to_string(static_cast<int>(column.type))).append("\n");
    }
    digest_.update(base::as_bytes(head + "\n"));
}

void TableSummer::add(std::string_view bytes) {
    digest_.update(base::as_bytes(bytes));
    ++sum_.rows;
}

TableSum TableSummer::sum() const {
    TableSum sum = sum_;
    sum.digest = digest_.value();
    return sum;
}

TableSum sum_of(db::Connection& connection, const db::Table& table, const RowsDone& done, std::string_view only) {
    store::TableReader reader(connection, table, only);
    TableSummer summer(table);
    std::string bytes;
    store::Row last;
    for (const store::Row* after = nullptr;;) {
        const std::vector<store::Row> page = reader.page(after, kRowPage);
        if (page.empty()) return summer.sum();
        std::int64_t size = 0;
        for (const store::Row& row : page) {
            bytes.clear();
            store::append_bytes(bytes, row, table.columns);
            summer.add(bytes);
            size += static_cast<std::int64_t>(bytes.size());
        }
        last = store::key_of(page.back(), table);
        after = &last;
        done(static_cast<std::int64_t>(page.size()), size);
    }
}

}  // namespace bodega::app
