// The names in a local folder as the disk spells them. A disk that ignores case, or drops dots at a name's end, also
// finds a file under other names than its own; those are not its name.
#pragma once

#include <set>
#include <string>

#include "cli/local_folder.h"

namespace bodega::cli {

// Single-threaded. The folder outlives it.
class DiskNames {
public:
    explicit DiskNames(const LocalFolder& folder);

    // Whether `found`, which the disk returns for `name`, really has this name, and was not add()ed under another one.
    // Two Unicode spellings count as one name.
    bool has(const std::string& name, const LocalFolder::Item& found);

    // Call once for each entry that was just created under this name.
    void add(const std::string& name);

private:
    static constexpr int kMostReads = 16;  // reads of the folder, which another process may change

    void read();

    const LocalFolder& folder_;
    std::set<std::string> names_;
    std::set<ino_t> made_;
    int reads_ = 0;
};

}  // namespace bodega::cli
