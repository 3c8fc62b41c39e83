// The few words in which the engines' SQL differs: the tokens of Sql::text (see db/connection.h). One is of few places:
//   {branch}          "(" / "SELECT * FROM (", before a SELECT of a UNION that has a LIMIT of its own; ")" ends it
#pragma once

#include <string>
#include <string_view>

#include "db/connection.h"

namespace bodega::db {

struct Expanded {
    std::string text;
    bool upsert = false;  // it held {on_conflict}
};

// Throws Error{internal} for a token that isn't known.
Expanded expand(const Sql& sql, Dialect dialect);

}  // namespace bodega::db
