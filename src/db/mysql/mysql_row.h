// One row of a prepared statement's result, read where Connector/C keeps it: no value is copied.
#pragma once

#include <mysql.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bodega::db {

// Its columns are set by `collect` as Connector/C walks over a row in the binary protocol.
// Valid until the next row, or the result's end. One thread at a time.
class MysqlRow {
public:
    // Requires: a statement that was executed and has a result. Each row that is fetched of it is handed to
    // this object, which stays where it is as long as the statement lives.
    void attach(MYSQL_STMT* statement);

    bool is_null(int column) const { return columns_.at(static_cast<std::size_t>(column)).bytes == nullptr; }
    std::int64_t int64(int column) const;
    std::string_view text(int column) const;

private:
    struct Column {
        enum_field_types type = MYSQL_TYPE_NULL;
        bool is_unsigned = false;
        const unsigned char* bytes = nullptr;  // null for NULL
        std::size_t size = 0;
        mutable std::array<char, 24> digits{};  // of a number that is read as text
    };

    static void collect(void* self, unsigned column, unsigned char** at);
    static std::int64_t number(const Column& column);

    std::vector<Column> columns_;
};

}  // namespace bodega::db
