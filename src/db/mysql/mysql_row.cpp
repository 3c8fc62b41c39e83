#include "db/mysql/mysql_row.h"

#include <bit>
#include <charconv>
#include <cstring>

namespace bodega::db {
namespace {

// Returns the size in bytes of a value of a fixed-width type in the binary protocol. 0: the type has a length prefix.
std::size_t width(enum_field_types type) {
    switch (type) {
        case MYSQL_TYPE_TINY: return 1;
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_YEAR: return 2;
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
        case MYSQL_TYPE_FLOAT: return 4;
        case MYSQL_TYPE_LONGLONG:
        case MYSQL_TYPE_DOUBLE: return 8;
        default: return 0;
    }
}

std::uint64_t little_endian(const unsigned char* bytes, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
}

// Reads a length-encoded integer; moves `at` past it.
std::size_t take_length(unsigned char*& at) {
    const unsigned char first = *at++;
    const std::size_t more = first < 0xFB ? 0 : first == 0xFC ? 2 : first == 0xFD ? 3 : 8;
    if (more == 0) return first;
    const std::uint64_t length = little_endian(at, more);
    at += more;
    return static_cast<std::size_t>(length);
}

// Converts an integer of the protocol, which has 8, 16, 32 or 64 bits, to 64 bits. Extends the sign if it is signed.
std::int64_t extend(std::uint64_t value, std::size_t size, bool is_unsigned) {
    if (is_unsigned || size == 0 || size >= 8) return static_cast<std::int64_t>(value);
    const std::size_t unused = 64 - 8 * size;
    return static_cast<std::int64_t>(value << unused) >> unused;
}

}  // namespace

void MysqlRow::attach(MYSQL_STMT* statement) {
    mysql_stmt_attr_set(statement, STMT_ATTR_CB_USER_DATA, this);
    mysql_stmt_attr_set(statement, STMT_ATTR_CB_RESULT, reinterpret_cast<const void*>(&MysqlRow::collect));
    columns_.resize(mysql_stmt_field_count(statement));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        columns_[i].type = statement->fields[i].type;
        columns_[i].is_unsigned = (statement->fields[i].flags & UNSIGNED_FLAG) != 0;
    }
}

void MysqlRow::collect(void* self, unsigned column, unsigned char** at) {
    Column& target = static_cast<MysqlRow*>(self)->columns_[column];
    target.bytes = nullptr;
    target.size = 0;
    if (at == nullptr) return;
    target.size = width(target.type);
    if (target.size == 0) target.size = take_length(*at);
    target.bytes = *at;
    *at += target.size;
}

std::int64_t MysqlRow::number(const Column& column) {
    const std::uint64_t raw = little_endian(column.bytes, column.size);
    if (column.type == MYSQL_TYPE_DOUBLE) return static_cast<std::int64_t>(std::bit_cast<double>(raw));
    if (column.type == MYSQL_TYPE_FLOAT) {
        return static_cast<std::int64_t>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)));
    }
    return extend(raw, column.size, column.is_unsigned);
}

std::int64_t MysqlRow::int64(int index) const {
    const Column& column = columns_.at(static_cast<std::size_t>(index));
    if (column.bytes == nullptr) return 0;
    if (width(column.type) != 0) return number(column);
    // A SUM is a decimal in text form. Only the digits before the point are used.
    std::int64_t value = 0;
    const auto* text = reinterpret_cast<const char*>(column.bytes);
    std::from_chars(text, text + column.size, value);
    return value;
}

std::string_view MysqlRow::text(int index) const {
    const Column& column = columns_.at(static_cast<std::size_t>(index));
    if (column.bytes == nullptr) return {};
    if (width(column.type) == 0) return {reinterpret_cast<const char*>(column.bytes), column.size};
    char* digits = column.digits.data();
    const auto end = std::to_chars(digits, digits + column.digits.size(), number(column)).ptr;
    return {digits, static_cast<std::size_t>(end - digits)};
}

}  // namespace bodega::db
