// One row of a prepared statement's result, read in Connector/C's buffer without copying values.
#pragma once

#include <mysql.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bodega::db {

// Connector/C calls `collect` for each column of a row that it reads in the binary protocol. The values are valid until
// the next row or the end of the result. Used by one thread at a time.
class MysqlRow {
public:
    // Requires: an executed statement with a result. Connector/C passes each fetched row to this object, which must not
    // move while the statement lives.
    void attach(MYSQL_STMT* statement);

    bool is_null(int column) const { return columns_.at(static_cast<std::size_t>(column)).bytes == nullptr; }
    std::int64_t int64(int column) const;
    std::string_view text(int column) const;

private:
    struct Column {
        enum_field_types type = MYSQL_TYPE_NULL;
        bool is_unsigned = false;
        const unsigned char* bytes = nullptr;  // null if the column is NULL
        std::size_t size = 0;
        mutable std::array<char, 24> digits{};  // digits of a number that is read as text
    };

    static void collect(void* self, unsigned column, unsigned char** at);
    static std::int64_t number(const Column& column);

    std::vector<Column> columns_;
};

}  // namespace bodega::db
