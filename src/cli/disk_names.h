// The names in a folder as the disk spells them. A disk that folds case, or drops the dots at a name's end, finds a
// file by other names than its own: those are not its file.
#pragma once

#include <set>
#include <string>

#include "cli/local_folder.h"

namespace bodega::cli {

// One thread. The folder outlives it.
class DiskNames {
public:
    explicit DiskNames(const LocalFolder& folder);

    // Whether `found`, which the disk finds by `name`, has this name, and was not add()ed by another. Two Unicode
    // spellings are one name.
    bool has(const std::string& name, const LocalFolder::Item& found);

    // For what was just made by that name, which is asked for once.
    void add(const std::string& name);

private:
    static constexpr int kMostReads = 16;  // of the folder, which another process may write to

    void read();

    const LocalFolder& folder_;
    std::set<std::string> names_;
    std::set<ino_t> made_;
    int reads_ = 0;
};

}  // namespace bodega::cli
