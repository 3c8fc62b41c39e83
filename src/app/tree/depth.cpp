#include "app/tree/depth.h"

#include "base/error.h"
#include "store/tree/subtree.h"

namespace bodega::app {

int folder_depth(store::Entries& entries, const store::Entry& folder) {
    return static_cast<int>(entries.path(folder.id).size());
}

int folder_levels(db::Connection& connection, const store::Entry& folder) {
    return folder.child_count == 0 ? 0 : store::Subtree(connection, folder.id).levels();
}

void require_depth(const Services& services, int depth, int levels) {
    const int max = services.config.files.max_depth;
    if (depth + levels <= max) return;
    throw base::Error(base::Code::conflict, "Folders can be " + std::to_string(max) +
                                                " levels deep at most here. Choose a folder that is not so deep.");
}

}  // namespace bodega::app
