#include "app/backup/restore.h"

#include <filesystem>

#include "app/backup/backup_tables.h"
#include "app/backup/transfer_target.h"
#include "base/encoding.h"
#include "base/error.h"
#include "db/migrate.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

// Identifies the source by its digest, so that the same snapshot in another folder is the same source.
std::string source_name(const std::string& snapshot, const SnapshotReader& reader) {
    return "the backup " + snapshot + " (" + base::hex(reader.digest()).substr(0, 16) + ")";
}

constexpr std::int64_t kBlock = 4096;  // bytes of a disk block; a file occupies a multiple of it

// The folder, or the nearest parent that exists.
std::string existing_part(const std::string& path) {
    std::error_code unseen;
    auto at = std::filesystem::absolute(path, unseen);
    while (!std::filesystem::exists(at, unseen) && at.has_relative_path()) at = at.parent_path();
    return at.string();
}

}  // namespace

Restore::Restore(blobs::BackupFolder& from, const std::string& snapshot, db::Pool& target, std::string shared,
                 Options options, BackupProgress progress)
    : from_(from),
      snapshot_(from.blobs().files(), from.path_of(snapshot)),
      target_(target),
      shared_(std::move(shared)),
      options_(options),
      progress_(std::move(progress)),
      transfer_(target, backed_up_tables(snapshot_.head().schema), source_name(snapshot, snapshot_),
                snapshot_.head().schema) {}

void Restore::check() {
    survey();
    require_transfer_target(target_.source(), transfer_.source(), snapshot_.head().schema);
    if (copies_blobs()) require_free_space();
    else if (!options_.accept_loss) require_blobs();
}

Restore::Report Restore::run() {
    check();
    make_transfer_target(target_.source(), transfer_.source(), snapshot_.head().schema);
    blobs_.emplace(shared_);
    free_space_.emplace(blobs_->files(), shared_, options_.reserve);
    transfer_.begin();
    restore_blobs();
    restore_rows();
    report_.lost_blobs = lost_.blobs();
    report_.lost_files = target_.read([&](db::Connection& connection) { return lost_.names(connection); });
    if (lost_.any() && !options_.accept_loss) return std::move(report_);
    transfer_.end(report_.sums, [](std::int64_t, std::int64_t) {});
    report_.has_ended = true;
    return std::move(report_);
}

// Counts the rows and bytes to restore, and checks that the snapshot has the sums of all tables.
void Restore::survey() {
    report_ = {};
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

void Restore::visit_blobs(const std::function<void(const blobs::Wanted&)>& visit) {
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name == "blobs") visit(wanted_of(table, row));
    };
    snapshot_.visit(visitor);
}

void Restore::require_blobs() {
    const blobs::Store shared = blobs::Store::read_only(shared_);
    std::int64_t missing = 0;
    visit_blobs([&](const blobs::Wanted& blob) { missing += shared.size_of(blob.id) != blob.size; });
    if (missing == 0) return;
    throw Error(Code::not_found, "the shared directory lacks " + std::to_string(missing) +
                                     " of the files that the snapshot names: copy blobs/ there first" +
                                     (options_.catalog_only ? ", leave out --catalog-only," : "") +
                                     " or restore without them: --accept-loss");
}

// Throws if the disk lacks space for the blobs. Blobs that an earlier run copied are on the disk already and are not
// counted.
void Restore::require_free_space() {
    const blobs::Store shared = blobs::Store::read_only(shared_);
    std::int64_t bytes = 0;
    visit_blobs([&](const blobs::Wanted& blob) {
        if (shared.size_of(blob.id) != blob.size) bytes += (blob.size + kBlock - 1) / kBlock * kBlock;
    });
    const std::string disk = existing_part(shared_);
    const auto free_space = blobs::FreeSpace(shared.files(), disk, options_.reserve).look();
    if (options_.reserve == 0 || free_space.free < 0 || free_space.free - free_space.reserve >= bytes) return;
    throw Error(Code::no_space, "the files of the snapshot need " + std::to_string(bytes) + " bytes, and the disk of " +
                                    disk + " has " + std::to_string(free_space.free) +
                                    ", of which files.reserve leaves " + std::to_string(free_space.reserve) +
                                    " free: take a larger disk; nothing was changed by this run");
}

void Restore::restore_blobs() {
    report_.done.files = true;
    visit_blobs([this](const blobs::Wanted& blob) { restore_blob(blob); });
    report_.done.files = false;
}

void Restore::restore_blob(const blobs::Wanted& blob) {
    using Why = LostFiles::Why;
    if (!copies_blobs()) {
        const std::int64_t size = blobs_->size_of(blob.id);
        if (size != blob.size) lost_.add(blob.id, size < 0 ? Why::missing : Why::damaged);
        return;
    }
    const auto uncounted = [](std::int64_t) {};
    if (blobs::is_whole(*blobs_, blob, uncounted)) {
        ++report_.done.kept;
        return add_bytes(blob.size);
    }
    free_space_->require(blob.size);
    try {
        blobs::copy_blob(from_.blobs(), *blobs_, blob, [this](std::int64_t bytes) { add_bytes(bytes); });
        ++report_.done.copied;
    } catch (const Error& error) {
        if (error.code() != Code::not_found && error.code() != Code::checksum_mismatch) throw;
        lost_.add(blob.id, error.code() == Code::not_found ? Why::missing : Why::damaged);
    }
}

void Restore::restore_rows() {
    std::vector<store::Row> rows;
    std::int64_t skip = 0;
    SnapshotReader::Visitor visitor;
    visitor.table = [&](const db::Table& table) { skip = transfer_.position(table).rows; };
    visitor.row = [&](const db::Table& table, store::Row row) {
        ++report_.done.rows;
        lost_.match(table, row);
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
