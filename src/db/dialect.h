// Expands the tokens of Sql::text, where the engines' SQL differs (see db/connection.h). One more token is used in few
// places:
//   {branch}          "(" / "SELECT * FROM (", before a SELECT of a UNION that has its own LIMIT; ")" ends it
#pragma once

#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::db {

struct Expanded {
    std::string text;
    bool upsert = false;  // true: the text contained {on_conflict}
};

// Throws Error{internal} for an unknown token.
Expanded expand(const Sql& sql, Dialect dialect);

}  // namespace bodega::db
