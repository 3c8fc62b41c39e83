#include "db/dialect.h"

#include <array>

#include "base/error.h"

namespace bodega::db {
namespace {

struct Token {
    std::string_view name;
    std::string_view sqlite;  // in both texts, '$' stands for the token's argument
    std::string_view mysql;
};

constexpr std::array<Token, 9> kTokens{{
    {"for_update", "", " FOR UPDATE"},
    {"insert_ignore", "INSERT OR IGNORE", "INSERT IGNORE"},
    {"on_conflict", "ON CONFLICT ($) DO UPDATE SET", "ON DUPLICATE KEY UPDATE"},
    {"excluded", "excluded.$", "VALUES($)"},
    // Julian days are a double: without ROUND the result is sometimes one millisecond too small.
    {"now", "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
     "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"},
    {"greatest", "MAX", "GREATEST"},
    // Without the CAST, a selected parameter would be a BLOB of any length, which MySQL puts into a table on disk.
    {"bytes", "?", "CAST(? AS BINARY($))"},
    // Begins a SELECT of a UNION that has its own ORDER BY and LIMIT; ")" ends it.
    {"branch", "SELECT * FROM (", "("},
    {"use_index", "INDEXED BY $", "FORCE INDEX ($)"},
}};

const Token& find(std::string_view name, const Sql& sql) {
    for (const Token& token : kTokens) {
        if (token.name == name) return token;
    }
    throw base::Error(base::Code::internal,
                      std::string(sql.name) + ": the SQL has an unknown token {" + std::string(name) + "}");
}

}  // namespace

Expanded expand(const Sql& sql, Dialect dialect) {
    Expanded out;
    std::string_view rest = sql.text;
    for (std::size_t open; (open = rest.find('{')) != rest.npos;) {
        const std::size_t close = rest.find('}', open);
        const std::string_view inside = rest.substr(open + 1, close - open - 1);
        const std::size_t space = inside.find(' ');
        const Token& token = find(inside.substr(0, space), sql);
        out.text += rest.substr(0, open);
        for (const char c : dialect == Dialect::sqlite ? token.sqlite : token.mysql) {
            if (c != '$') out.text += c;
            else if (space != inside.npos) out.text += inside.substr(space + 1);
        }
        if (token.name == "on_conflict") out.upsert = true;
        rest = close == rest.npos ? std::string_view{} : rest.substr(close + 1);
    }
    out.text += rest;
    return out;
}

}  // namespace bodega::db
