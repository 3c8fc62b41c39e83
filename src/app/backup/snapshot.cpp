#include "app/backup/snapshot.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kMagic = "bodega snapshot 1\n";
// The maximum length of a record, far more than a row can have.
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

std::string number_bytes(std::uint64_t value, int size) {
    std::string out;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
    return out;
}

std::uint64_t number_of(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : base::as_bytes(bytes)) number = number << 8 | byte;
    return number;
}

// The value of the line "key value"; empty if there is no such line.
std::string field(std::string_view lines, std::string_view key) {
    const std::string start = "\n" + std::string(key) + " ";
    const std::string all = "\n" + std::string(lines);
    const std::size_t at = all.find(start);
    if (at == all.npos) return "";
    const std::size_t from = at + start.size();
    return all.substr(from, all.find('\n', from) - from);
}

std::int64_t number_field(std::string_view lines, std::string_view key) {
    const std::string text = field(lines, key);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

[[noreturn]] void refuse(const std::string& why) {
    throw Error(Code::checksum_mismatch, "the snapshot can't be read: " + why);
}

TableSum sum_in(const std::string& table, std::string_view bytes) {
    TableSum sum{table, 0, {}};
    if (bytes.size() != 8 + sum.digest.size()) refuse("the end of " + table + " is malformed");
    sum.rows = static_cast<std::int64_t>(number_of(bytes.substr(0, 8)));
    std::ranges::copy(base::as_bytes(bytes.substr(8)), sum.digest.begin());
    return sum;
}

}  // namespace

SnapshotWriter::SnapshotWriter(blobs::SealedFileWriter& file, const SnapshotHead& head) : file_(file) {
    file_.write(kMagic);
    record('H', "version " + head.version + "\nschema " + std::to_string(head.schema) + "\ntaken_at " +
                    std::to_string(head.taken_at) + "\nblobs " + (head.has_blobs ? "1" : "0") + "\n" +
                    (head.catalog ? "catalog " + head.catalog->text() + "\n" : ""));
}

void SnapshotWriter::begin(const db::Table& table) { record('T', table.name); }

void SnapshotWriter::add(std::string_view row) { record('R', row); }

void SnapshotWriter::end(const TableSum& sum) {
    const std::string_view digest(reinterpret_cast<const char*>(sum.digest.data()), sum.digest.size());
    record('E', number_bytes(static_cast<std::uint64_t>(sum.rows), 8).append(digest));
}

void SnapshotWriter::record(char kind, std::string_view bytes) {
    file_.write(std::string(1, kind) + number_bytes(bytes.size(), 4));
    file_.write(bytes);
}

SnapshotReader::SnapshotReader(blobs::FileOps& files, const std::string& path) : file_(files, path) { read_head(); }

void SnapshotReader::read_head() {
    if (file_.read(kMagic.size()) != kMagic) {
        throw Error(Code::config_invalid,
                    "the snapshot's format is unknown to this version of bodega: use a newer one");
    }
    const Record head = next();
    if (head.kind != 'H') refuse("it has no head");
    head_ = {field(head.bytes, "version"), static_cast<int>(number_field(head.bytes, "schema")),
             number_field(head.bytes, "taken_at"), number_field(head.bytes, "blobs") != 0,
             base::Ulid::parse(field(head.bytes, "catalog"))};
    if (head_.schema > db::newest_schema()) {
        throw Error(Code::config_invalid, "the snapshot was taken by a newer bodega (" + head_.version +
                                              "): restore it with that version or a newer one");
    }
    tables_ = db::schema_tables(head_.schema);
}

SnapshotReader::Record SnapshotReader::next() {
    Record record;
    record.kind = file_.read(1).front();
    const auto size = static_cast<std::size_t>(number_of(file_.read(4)));
    if (size > kMaxBytes) refuse("a record is too long");
    record.bytes = file_.read(size);
    return record;
}

const db::Table& SnapshotReader::table_named(const std::string& name) const {
    const auto found = std::ranges::find(tables_, name, &db::Table::name);
    if (found == tables_.end()) refuse("its schema has no table " + name);
    return *found;
}

void SnapshotReader::visit(const Visitor& visitor) {
    file_.rewind();
    file_.read(kMagic.size());
    const db::Table* table = nullptr;
    while (!file_.at_end()) {
        const Record record = next();
        if (record.kind == 'T') visitor.table(*(table = &table_named(record.bytes)));
        else if (record.kind == 'E' && table) visitor.sum(*table, sum_in(table->name, record.bytes));
        else if (record.kind == 'R' && table) {
            auto row = store::row_of(record.bytes, table->columns);
            if (!row) refuse("a row of " + table->name + " is malformed");
            visitor.row(*table, std::move(*row));
        } else if (record.kind != 'H') refuse("it has records of an unknown kind");
    }
}

}  // namespace bodega::app
