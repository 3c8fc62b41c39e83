#include "db/sqlite/local_disk.h"

#include <sys/vfs.h>

#include <cerrno>
#include <system_error>

#include "base/denied.h"
#include "base/error.h"
#include "base/file_system.h"

namespace bodega::db {
void require_local_disk(const std::string& folder) {
    struct statfs found {};
    if (::statfs(folder.c_str(), &found) != 0) {
        throw base::Error(base::Code::config_invalid, std::string("the folder of the SQLite catalog can't be used (") +
                                                          base::denied_text(errno) + "); see database.url");
    }
    const auto network = base::network_file_system(static_cast<std::uint64_t>(found.f_type));
    if (!network) return;
    throw base::Error(base::Code::config_invalid,
                      "the SQLite catalog would be on a network file system (" + std::string(*network) +
                          "), where it would become corrupt; set node.data_dir or database.url to a folder on a "
                          "local disk, or use MySQL or MariaDB (database.url = \"mysql://…\")");
}

}  // namespace bodega::db
