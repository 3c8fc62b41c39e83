// Collects the files that a restore loses: blobs that are missing or damaged in the backup, and the files of the
// catalog whose content is in those blobs. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ulid.h"
#include "db/connection.h"
#include "store/backup/row.h"

namespace bodega::app {

class LostFiles {
public:
    static constexpr std::size_t kMaxBlobs = 10'000;  // the most lost blobs for which files are looked up
    static constexpr std::size_t kMaxNamed = 1'000;   // the most files in names()

    enum class Why : std::uint8_t { missing, damaged };
    void add(const base::Ulid& blob, Why why);

    // Finds the files that lose their content. Call add() for all lost blobs first, then match() for each row of the
    // snapshot.
    void match(const db::Table& table, const store::Row& row);

    bool any() const noexcept { return blobs_ > 0; }
    std::int64_t blobs() const noexcept { return blobs_; }

    // The paths of the lost files, sorted, at most kMaxNamed: "team/plans/a.txt: damaged", "team/plans/a.txt, version
    // 3: missing". Requires: the catalog has the snapshot's rows.
    std::vector<std::string> names(db::Connection& connection) const;

private:
    struct File {
        base::Ulid entry;
        std::int64_t version = 0;  // 0 means the current version
        Why why = Why::missing;
    };

    std::int64_t blobs_ = 0;
    std::map<base::Ulid, Why> known_;
    std::vector<File> files_;
};

}  // namespace bodega::app
