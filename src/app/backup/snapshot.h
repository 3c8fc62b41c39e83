// The file format of a catalog's snapshot, which is the same for every engine: every row as store/backup/row.h writes
// it, and a sum for each table. The format is inside a blobs::SealedFile, which proves that the snapshot is complete.
// One thread at a time.
//
// The file begins with "bodega snapshot 1\n". Then records follow: a letter, the length (4 bytes, big-endian), the
// bytes.
//
//   H  the head, lines "key value": version (of bodega), schema, taken_at (milliseconds), blobs (1 if the blobs are in
//      the same folder), catalog (its id; older versions wrote none)
//   T  a table's name
//   R  a row; a table's rows follow its T in the order of the key
//   E  the end of a table: the number of rows (8 bytes) and the digest
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/backup/table_sum.h"
#include "base/ulid.h"
#include "blobs/sealed_file.h"
#include "db/schema.h"

namespace bodega::app {

struct SnapshotHead {
    std::string version;  // the version of bodega that took the snapshot
    int schema = 0;
    base::Milliseconds taken_at = 0;  // on the database's clock
    bool has_blobs = true;
    std::optional<base::Ulid> catalog = std::nullopt;
};

class SnapshotWriter {
public:
    SnapshotWriter(blobs::SealedFileWriter& file, const SnapshotHead& head);

    void begin(const db::Table& table);
    void add(std::string_view row);  // adds a row to the table that was begun last
    void end(const TableSum& sum);

private:
    void record(char kind, std::string_view bytes);

    blobs::SealedFileWriter& file_;
};

class SnapshotReader {
public:
    // Throws Error{checksum_mismatch} if the file is damaged or incomplete, Error{config_invalid} if a newer version of
    // bodega took it.
    SnapshotReader(blobs::FileOps& files, const std::string& path);

    const SnapshotHead& head() const noexcept { return head_; }
    const blobs::Sha256& digest() const noexcept { return file_.digest(); }

    // Visits all tables in order. For each table it calls `table`, then `row` for each row, then `sum`.
    struct Visitor {
        std::function<void(const db::Table&)> table = [](const db::Table&) {};
        std::function<void(const db::Table&, store::Row)> row = [](const db::Table&, const store::Row&) {};
        std::function<void(const db::Table&, const TableSum&)> sum = [](const db::Table&, const TableSum&) {};
    };
    void visit(const Visitor& visitor);

private:
    struct Record {
        char kind = 0;
        std::string bytes;
    };
    Record next();
    void read_head();
    const db::Table& table_named(const std::string& name) const;

    blobs::SealedFile file_;
    SnapshotHead head_;
    std::vector<db::Table> tables_;  // the tables of the snapshot's schema
};

}  // namespace bodega::app
