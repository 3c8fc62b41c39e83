// Moves a catalog to another database, usually of another engine: copies every row of every table in batches, then
// compares source and target by counts and digests. The files' bytes are not moved.
//
// During the move a SQLite source is locked against writers. A MySQL source is read from one snapshot, and no node may
// serve it. One thread. The process can be killed at any moment; another run then continues.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/backup/transfer.h"

namespace bodega::app {

class CatalogMove {
public:
    struct Work {
        bool checking = false;  // false while rows are copied, true while both databases are read again
        std::int64_t rows = 0, all_rows = 0;
        std::int64_t bytes = 0;
    };
    using Progress = std::function<void(const Work&)>;

    // source_name: shown to people, and identifies an unfinished move. `from` and `to` outlive this object.
    CatalogMove(const db::Source& from, std::string source_name, db::Pool& to, Progress progress);

    // Returns the sums of the moved tables. Throws Error{conflict} if the source is in use or has another schema, or if
    // the target has other rows.
    std::vector<TableSum> run();

private:
    void check_schema(db::Connection& source) const;
    void lock(db::Connection& source) const;
    void copy(db::Connection& source, const db::Table& table);
    void count(db::Connection& source);
    void add(std::int64_t rows, std::int64_t bytes);

    const db::Source& from_;
    db::Pool& to_;
    Transfer transfer_;
    const Progress progress_;
    Work work_;
};

}  // namespace bodega::app
