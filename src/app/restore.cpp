#include "app/restore.h"

#include "app/backup_tables.h"
#include "app/transfer_target.h"
#include "base/encoding.h"
#include "base/error.h"
#include "db/migrate.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

// The same snapshot in another folder is the same source.
std::string source_name(const std::string& snapshot, const SnapshotReader& reader) {
    return "the backup " + snapshot + " (" + base::hex(reader.digest()).substr(0, 16) + ")";
}

}  // namespace

Restore::Restore(blobs::BackupFolder& from, const std::string& snapshot, const db::Source& target, db::Pool& catalog,
                 blobs::Store& blobs, Options options, BackupProgress progress)
    : from_(from),
      snapshot_(from.blobs().files(), from.path_of(snapshot)),
      target_(target),
      blobs_(blobs),
      options_(options),
      progress_(std::move(progress)),
      transfer_(catalog, backed_up_tables(snapshot_.head().schema), source_name(snapshot, snapshot_),
                snapshot_.head().schema) {}

Restore::Report Restore::run() {
    survey();
    if (!brings_blobs()) require_blobs();
    prepare();
    transfer_.begin();
    if (brings_blobs()) bring_blobs();
    bring_rows();
    transfer_.end(report_.sums, [](std::int64_t, std::int64_t) {});
    return std::move(report_);
}

void Restore::prepare() {
    const int schema = snapshot_.head().schema;
    if (db::schema_version(*db::connect(target_)) > schema) {
        throw Error(Code::conflict,
                    "the target's schema is newer than the backup's: take a database without any tables, in which the "
                    "backup's own schema is made and then brought up");
    }
    make_transfer_target(target_, transfer_.source(), schema);
}

// What there is to do, and whether the snapshot's own sums are right.
void Restore::survey() {
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        ++report_.done.all_rows;
        if (table.name == "blobs") report_.done.all_bytes += wanted_of(table, row).size;
    };
    visitor.sum = [&](const db::Table&, const TableSum& sum) { report_.sums.push_back(sum); };
    snapshot_.visit(visitor);
    if (report_.sums.size() != transfer_.tables().size()) {
        throw Error(Code::checksum_mismatch, "the snapshot lacks tables of its schema");
    }
}

void Restore::require_blobs() {
    std::int64_t missing = 0;
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name != "blobs") return;
        const blobs::Wanted blob = wanted_of(table, row);
        if (blobs_.size_of(blob.id) != blob.size) ++missing;
    };
    snapshot_.visit(visitor);
    if (missing == 0) return;
    throw Error(Code::not_found, "the shared directory lacks " + std::to_string(missing) +
                                     " of the files that the snapshot names: bring blobs/ there first" +
                                     (options_.catalog_only ? ", or leave out --catalog-only" : ""));
}

void Restore::bring_blobs() {
    report_.done.files = true;
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name == "blobs") bring_blob(wanted_of(table, row));
    };
    snapshot_.visit(visitor);
    report_.done.files = false;
}

void Restore::bring_blob(const blobs::Wanted& blob) {
    const auto uncounted = [](std::int64_t) {};
    if (blobs::is_whole(blobs_, blob, uncounted)) {
        ++report_.done.kept;
        return add_bytes(blob.size);
    }
    try {
        blobs::copy_blob(from_.blobs(), blobs_, blob, [this](std::int64_t bytes) { add_bytes(bytes); });
    } catch (const Error& error) {
        throw Error(error.code(), "blob " + blob.id.text() + " of the backup: " + error.what());
    }
    ++report_.done.copied;
}

void Restore::bring_rows() {
    std::vector<store::Row> rows;
    std::int64_t skip = 0;
    SnapshotReader::Visitor visitor;
    visitor.table = [&](const db::Table& table) { skip = transfer_.position(table).rows; };
    visitor.row = [&](const db::Table& table, store::Row row) {
        ++report_.done.rows;
        if (skip > 0) {
            --skip;
            return;
        }
        rows.push_back(std::move(row));
        if (rows.size() == static_cast<std::size_t>(kRowPage)) append(table, rows);
    };
    visitor.sum = [&](const db::Table& table, const TableSum&) { append(table, rows); };
    snapshot_.visit(visitor);
}

void Restore::append(const db::Table& table, std::vector<store::Row>& rows) {
    if (!rows.empty()) transfer_.append(table, rows);
    rows.clear();
    progress_(report_.done);
}

void Restore::add_bytes(std::int64_t bytes) {
    report_.done.bytes += bytes;
    progress_(report_.done);
}

}  // namespace bodega::app
