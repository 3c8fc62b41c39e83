// A folder on this machine's disk for import and export, accessed through its descriptor. Below the top folder that a
// person named, no symlink is followed, and no name leads to a file outside of it.
//
// Names are the kernel's bytes; paths are only for messages and are formatted by base::visible_name. Single-threaded.
// Errors are base::Error; the message names the file and what failed.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"

namespace bodega::cli {

class LocalFolder {
public:
    enum class Kind : std::uint8_t { file, folder, symlink, other };
    struct Item {
        std::string name;
        Kind kind = Kind::other;
        std::int64_t size = 0;
        base::Milliseconds modified_at = 0;
        ino_t inode = 0;
    };

    // Opens the top folder; `path` is as a person gave it. If `make`, creates the folder if it is missing. Throws
    // Error{config_invalid} if it does not exist or can't be created.
    static LocalFolder open(const std::string& path, bool make);

    // Opens the folder with that name in this folder.
    LocalFolder enter(const std::string& name) const;
    LocalFolder make(const std::string& name) const;  // like enter(), but creates the folder if it is missing

    std::vector<Item> list() const;  // returns the folder's items, sorted by name
    std::vector<std::string> names() const;
    std::optional<Item> find(const std::string& name) const;

    // Opens a regular file for reading.
    base::Fd open_file(const std::string& name) const;
    // A file's version, which changes with every write. If it is the same before and after a copy, nothing was written
    // meanwhile.
    struct Version {
        std::int64_t size = 0;
        timespec modified{}, changed{};

        bool operator==(const Version& other) const noexcept;
        base::Milliseconds modified_at() const noexcept;
    };
    Version version_of(const base::Fd& file, const std::string& name) const;

    // Reads the next bytes of a file from open_file, at most into.size(); 0 at the end.
    std::size_t read(const base::Fd& file, std::span<std::uint8_t> into, const std::string& name) const;

    const std::string& path() const noexcept { return path_; }  // the folder's path, for messages
    std::string path_of(const std::string& name) const;
    int fd() const noexcept { return fd_.get(); }

private:
    LocalFolder(base::Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

    base::Fd fd_;
    std::string path_;
};

// Writes a file that appears under its name only when it is complete.
class NewLocalFile {
public:
    NewLocalFile(const LocalFolder& folder, const std::string& name);
    ~NewLocalFile();  // removes an uncommitted file
    NewLocalFile(const NewLocalFile&) = delete;
    NewLocalFile& operator=(const NewLocalFile&) = delete;

    void write(std::span<const std::uint8_t> bytes);
    enum class Over : std::uint8_t { nothing, file };
    // Gives the file its name. Over::nothing: throws Error{name_taken} if the name is taken. Over::file: replaces the
    // existing file.
    void commit(base::Milliseconds modified_at, Over over);

private:
    [[noreturn]] void fail(const char* doing, int error) const;
    int claim() const;
    int take() const;

    const LocalFolder& folder_;
    const std::string name_;
    const std::string temporary_;
    base::Fd fd_;
    bool committed_ = false;
};

}  // namespace bodega::cli
