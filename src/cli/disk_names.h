// Tells whether a local disk stores a file under exactly the given name. Some disks ignore case, or drop dots at the
// end of a name: for "plan", such a disk returns the file "Plan".
#pragma once

#include <set>
#include <string>

#include "cli/local_folder.h"

namespace bodega::cli {

// Knows the names in one folder. Single-threaded. `folder` must outlive this object.
class DiskNames {
public:
    explicit DiskNames(const LocalFolder& folder);

    // `found` is the item that the disk returns for `name`. True if it is stored under exactly this name. False if
    // add() was called for it, since it then belongs to another entry. Two Unicode spellings count as one name.
    bool has(const std::string& name, const LocalFolder::Item& found);

    // Call it for each entry that was just created with this name.
    void add(const std::string& name);

private:
    // Limits how often the folder is read again, since another process may change it again and again.
    static constexpr int kMaxReads = 16;

    void read();

    const LocalFolder& folder_;
    std::set<std::string> names_;
    std::set<ino_t> made_;
    int reads_ = 0;
};

}  // namespace bodega::cli
