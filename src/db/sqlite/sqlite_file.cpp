#include "db/sqlite/sqlite_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/mutex.h"

namespace bodega::db {

std::shared_ptr<SqliteFile> SqliteFile::of(const std::string& path, const std::string& log) {
    struct stat status {};
    // Identifies the file by device and inode, because several paths may name one file.
    if (::stat(path.c_str(), &status) != 0) throw base::system_error("read the catalog file's status", errno);

    static base::Mutex mutex;
    static std::map<std::pair<dev_t, ino_t>, std::weak_ptr<SqliteFile>> files GUARDED_BY(mutex);
    const base::MutexLock lock(mutex);
    std::erase_if(files, [](const auto& known) { return known.second.expired(); });
    auto& known = files[{status.st_dev, status.st_ino}];
    auto file = known.lock();
    if (!file) known = file = std::make_shared<SqliteFile>(log);
    return file;
}

}  // namespace bodega::db
