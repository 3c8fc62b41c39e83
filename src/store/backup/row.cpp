#include "store/backup/row.h"

#include <algorithm>

#include "base/encoding.h"

namespace bodega::store {
namespace {

constexpr char kNull = 0;

void append_number(std::string& out, std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

void append_value(std::string& out, const Value& value, db::ColumnType type) {
    if (std::holds_alternative<std::monostate>(value)) return out.push_back(kNull);
    out.push_back(static_cast<char>(type));
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return append_number(out, static_cast<std::uint64_t>(*number), 8);
    }
    const auto& text = std::get<std::string>(value);
    append_number(out, text.size(), 4);
    out += text;
}

// Reads values from the front of the bytes. Bytes that are too short give no value.
class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    std::optional<Value> value(db::ColumnType type) {
        const auto kind = take(1);
        if (!kind) return std::nullopt;
        if (kind->front() == kNull) return Value{};
        if (kind->front() != static_cast<char>(type)) return std::nullopt;
        if (type == db::ColumnType::integer) {
            const auto number = take_number(8);
            if (!number) return std::nullopt;
            return Value{static_cast<std::int64_t>(*number)};
        }
        const auto size = take_number(4);
        const auto text = size ? take(static_cast<std::size_t>(*size)) : std::nullopt;
        if (!text) return std::nullopt;
        return Value{std::string(*text)};
    }

    bool at_end() const noexcept { return rest_.empty(); }

private:
    std::optional<std::string_view> take(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const std::string_view front = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return front;
    }

    std::optional<std::uint64_t> take_number(std::size_t size) {
        const auto bytes = take(size);
        if (!bytes) return std::nullopt;
        std::uint64_t number = 0;
        for (const std::uint8_t byte : base::as_bytes(*bytes)) number = number << 8 | byte;
        return number;
    }

    std::string_view rest_;
};

}  // namespace

Row read_row(const db::Statement& statement, std::span<const db::Column> columns) {
    Row row;
    row.reserve(columns.size());
    for (int i = 0; const db::Column& column : columns) {
        if (statement.is_null(i)) row.emplace_back();
        else if (column.type == db::ColumnType::integer) row.emplace_back(statement.int64(i));
        else row.emplace_back(std::string(statement.text(i)));
        ++i;
    }
    return row;
}

db::Param param_of(const Value& value, db::ColumnType type) {
    if (std::holds_alternative<std::monostate>(value)) return db::Null{};
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    const std::string_view text = std::get<std::string>(value);
    if (type == db::ColumnType::bytes) return db::Blob{base::as_bytes(text)};
    return text;
}

void append_bytes(std::string& out, const Row& row, std::span<const db::Column> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) append_value(out, row.at(i), columns[i].type);
}

std::string bytes_of(const Row& row, std::span<const db::Column> columns) {
    std::string out;
    append_bytes(out, row, columns);
    return out;
}

std::optional<Row> row_of(std::string_view bytes, std::span<const db::Column> columns) {
    Reader reader(bytes);
    Row row;
    row.reserve(columns.size());
    for (const db::Column& column : columns) {
        auto value = reader.value(column.type);
        if (!value) return std::nullopt;
        row.push_back(std::move(*value));
    }
    if (!reader.at_end()) return std::nullopt;
    return row;
}

std::vector<db::Column> key_columns(const db::Table& table) {
    std::vector<db::Column> columns;
    columns.reserve(table.key.size());
    for (const std::size_t place : table.key) columns.push_back(table.columns.at(place));
    return columns;
}

Row key_of(const Row& row, const db::Table& table) {
    Row key;
    key.reserve(table.key.size());
    for (const std::size_t place : table.key) key.push_back(row.at(place));
    return key;
}

const Value& value_of(const Row& row, const db::Table& table, std::string_view column) {
    const auto at = std::ranges::find(table.columns, column, &db::Column::name) - table.columns.begin();
    return row.at(static_cast<std::size_t>(at));
}

}  // namespace bodega::store
