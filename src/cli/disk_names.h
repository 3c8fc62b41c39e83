// The names in a local folder as the disk spells them. Some disks ignore case, or drop dots at a name's end. Such a
// disk also finds a file under other names, which are not the file's name.
#pragma once

#include <set>
#include <string>

#include "cli/local_folder.h"

namespace bodega::cli {

// Single-threaded. The folder must outlive it.
class DiskNames {
public:
    explicit DiskNames(const LocalFolder& folder);

    // Whether `found`, which the disk returns for `name`, really has this name, and was not passed to add() under
    // another name. Two Unicode spellings count as one name.
    bool has(const std::string& name, const LocalFolder::Item& found);

    // Call once for each entry that was just created with this name.
    void add(const std::string& name);

private:
    // The folder is read at most this many times, since another process may change it again and again.
    static constexpr int kMaxReads = 16;

    void read();

    const LocalFolder& folder_;
    std::set<std::string> names_;
    std::set<ino_t> made_;
    int reads_ = 0;
};

}  // namespace bodega::cli
