// Binds the catalog to its shared folder: the catalog's id, and the generation that the folder must have.
// app/fleet/folder_binding.h has the protocol. Each object uses one connection, on that connection's thread.
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
    std::optional<base::Ulid> next;        // the new generation, while it replaces the current one
    base::Milliseconds age = 0;            // time since the last replacement, on the database's clock
    base::Milliseconds kept_before = 0;  // the garbage collector keeps files older than this, even if no row names them

    bool names(const base::Ulid& one) const { return generation == one || next == one; }
};

struct Span {
    base::Milliseconds from = 0, to = 0;  // a period, including both times

    bool has(base::Milliseconds at) const noexcept { return from <= at && at <= to; }
};

class Bindings {
public:
    explicit Bindings(db::Connection& connection) : connection_(connection) {}

    std::optional<Binding> find();

    // Does nothing if a binding exists.
    void insert(const base::Ulid& catalog_id, const base::Ulid& next);

    // Starts to replace the generation. Returns false if `generation` is not the current one, or a replacement is in
    // progress.
    bool propose(const base::Ulid& generation, const base::Ulid& next);

    // Makes `next` the current generation. Returns false if no replacement by `next` is in progress.
    bool confirm(const base::Ulid& next);

    // Continues the replacement of `generation` by `next`. Used if the folder already has the generation `next`, but
    // the catalog lost the transactions that recorded it.
    bool resume(const base::Ulid& generation, const base::Ulid& next);

    // Binds the folder to this catalog, although the folder's marks name another catalog. The garbage collector will
    // keep all files that are in the folder now.
    void adopt(const base::Ulid& catalog_id, const base::Ulid& next);

    // Records a gap: this catalog knows nothing of the time from the last replacement to now. Keeps the record for
    // `keep` from now. `slack` is the maximum difference between clocks. Requires: a transaction.
    void add_gap(base::Milliseconds slack, base::Milliseconds keep);
    static constexpr int kMaxGaps = 500;  // more gaps are merged into one

    // Returns the periods whose files are kept even if no row names them.
    std::vector<Span> kept_times();

private:
    void join_gaps();

    db::Connection& connection_;
};

}  // namespace bodega::store
