// Lists the files of the shared directory, for the garbage collector and fsck.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/text.h"
#include "blobs/file_error.h"
#include "blobs/store.h"

namespace bodega::blobs {

namespace {

base::Milliseconds in_ms(const timespec& t) noexcept { return t.tv_sec * 1000 + t.tv_nsec / 1'000'000; }

base::Milliseconds changed_at(const struct stat& file) noexcept {
    return std::max(in_ms(file.st_mtim), in_ms(file.st_ctim));
}

// Returns no names if the folder is missing.
std::vector<std::string> names_in(FileOps& files, const std::string& path) {
    std::vector<std::string> out;
    if (files.list(path.c_str(), out) != 0 && errno != ENOENT && errno != ENOTDIR)
        throw file_error("list the folder", path, errno);
    return out;
}

// Returns false if the file was published or removed after the listing.
bool is_still_there(FileOps& files, const std::string& path, struct stat& file) {
    if (files.status(path.c_str(), file) == 0) return true;
    if (errno == ETIMEDOUT) throw file_error("read the status of the file", path, errno);
    return false;
}

// Returns the id if the name is exactly the id's text.
std::optional<base::Ulid> id_of(const std::string& name) {
    std::optional<base::Ulid> id = base::Ulid::parse(name);
    return id && id->text() == name ? id : std::nullopt;
}

}  // namespace

void Store::list_incoming(const Visit& visit, const Strange& strange) const {
    for (const std::string& name : names_in(*files_, root_ + "/incoming")) {
        std::string relative = "incoming/" + name;
        std::optional<base::Ulid> id = id_of(name);
        struct stat file {};
        if (!is_still_there(*files_, root_ + "/" + relative, file)) continue;
        if (id && S_ISREG(file.st_mode)) visit({*id, file.st_size, changed_at(file)});
        else if (strange) strange(relative);
    }
}

void Store::list_blobs(int part, const Visit& visit, const Strange& strange) const {
    const std::string folder = "blobs/" + part_name(part) + "/";
    for (const std::string& name : names_in(*files_, root_ + "/" + folder)) {
        const std::string relative = folder + name;
        std::optional<base::Ulid> id = id_of(name);
        struct stat file {};
        if (!is_still_there(*files_, root_ + "/" + relative, file)) continue;
        if (id && S_ISREG(file.st_mode) && "blobs/" + relative_path(*id) == relative)
            visit({*id, file.st_size, changed_at(file)});
        else if (strange) strange(relative);
    }
}

base::Milliseconds Store::file_clock() const {
    std::string path = root_ + "/incoming/.clock";
    Handle fd(*files_, files_->open(path.c_str(), O_WRONLY | O_CREAT, 0640));
    struct stat file {};
    if (!fd || files_->touch(fd.get()) != 0 || files_->status_of(fd.get(), file) != 0)
        throw file_error("read the shared directory's clock from", path, errno);
    return in_ms(file.st_mtim);
}

}  // namespace bodega::blobs
