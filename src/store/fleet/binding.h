// Which shared folder is the catalog's: the catalog's id and the generation that the folder has to have, too.
// app/fleet/folder_binding.h has the protocol. One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct Binding {
    base::Ulid catalog_id;
    std::optional<base::Ulid> generation;  // std::nullopt: the folder was never marked
    std::optional<base::Ulid> next;        // set while the generation is being replaced
    base::Milliseconds age = 0;            // since it was replaced, on the database's clock
    base::Milliseconds kept_before = 0;    // a file older than this that no row names stays

    bool names(const base::Ulid& one) const { return generation == one || next == one; }
};

struct Span {
    base::Milliseconds from = 0, to = 0;  // both included

    bool has(base::Milliseconds at) const noexcept { return from <= at && at <= to; }
};

class Bindings {
public:
    explicit Bindings(db::Connection& connection) : connection_(connection) {}

    std::optional<Binding> find();

    // Without effect if there is one already.
    void insert(const base::Ulid& catalog_id, const base::Ulid& next);

    // False: `generation` is not the current one, or is being replaced already.
    bool propose(const base::Ulid& generation, const base::Ulid& next);

    // Makes `next` the current one. False: it is not being introduced.
    bool confirm(const base::Ulid& next);

    // The catalog lost its latest transactions: takes the folder's generation for the next one again.
    bool resume(const base::Ulid& generation, const base::Ulid& next);

    // For a folder that becomes this catalog's though its marks say otherwise. Files that are there now stay.
    void adopt(const base::Ulid& catalog_id, const base::Ulid& next);

    // The time from the last replacement to now is one of which this catalog knows nothing, for `keep` from now on.
    // slack: what clocks may differ. Requires: a transaction.
    void add_gap(base::Milliseconds slack, base::Milliseconds keep);
    static constexpr int kMostGaps = 500;  // more become one

    // Times whose files stay, though no row names them.
    std::vector<Span> kept_times();

private:
    void join_gaps();

    db::Connection& connection_;
};

}  // namespace bodega::store
