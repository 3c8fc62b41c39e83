// A catalog in a file, whichever engine it came from: every row as store/backup/row.h writes it, and each table's sum. In a
// blobs::SealedFile, which proves it whole. One thread at a time.
//
//   "bodega snapshot 1\n", then records: a letter, the length in 4 bytes (big-endian), so many bytes
//     H  lines "key value": version (of bodega), schema, taken_at (milliseconds), blobs (1: their files are beside it),
//        catalog (its id; earlier versions wrote none)
//     T  a table's name; then R, a row each, in the order of the key; then E, their count (8 bytes) and digest
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
    std::string version;  // of the bodega that took it
    int schema = 0;
    base::Milliseconds taken_at = 0;  // on the database's clock
    bool has_blobs = true;
    std::optional<base::Ulid> catalog = std::nullopt;
};

class SnapshotWriter {
public:
    SnapshotWriter(blobs::SealedFileWriter& file, const SnapshotHead& head);

    void begin(const db::Table& table);
    void add(std::string_view row);  // of that table
    void end(const TableSum& sum);

private:
    void record(char kind, std::string_view bytes);

    blobs::SealedFileWriter& file_;
};

class SnapshotReader {
public:
    // Throws Error{checksum_mismatch} if it is torn, Error{config_invalid} if a newer bodega took it.
    SnapshotReader(blobs::FileOps& files, const std::string& path);

    const SnapshotHead& head() const noexcept { return head_; }
    const blobs::Sha256& digest() const noexcept { return file_.digest(); }

    // Goes over all from the first: `table` at the start of each, then its rows, then its sum.
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
    std::vector<db::Table> tables_;  // of the snapshot's schema
};

}  // namespace bodega::app
