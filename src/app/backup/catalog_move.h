// Moves a catalog to another database, of the other engine most often: every row of every table, in batches, then
// compared by counts and digests. The files' bytes stay where they are.
//
// A SQLite source is locked against writers meanwhile; of a MySQL source one snapshot is read, and no node may serve
// it. One thread; can be killed at any moment and run again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/backup/transfer.h"

namespace bodega::app {

class CatalogMove {
public:
    struct Work {
        bool checking = false;  // the second part: reading both sides again
        std::int64_t rows = 0, all_rows = 0;
        std::int64_t bytes = 0;
    };
    using Progress = std::function<void(const Work&)>;

    // source_name: for a person and to know an unfinished move again. Both outlive it.
    CatalogMove(const db::Source& from, std::string source_name, db::Pool& to, Progress progress);

    // What is now there, by table. Throws Error{conflict} if the source is in use, has another schema, or the target
    // holds other rows.
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
