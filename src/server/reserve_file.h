// Room for SQLite's writes on a disk that others have filled: a file of zeros beside the catalog, released when the
// disk is full and made again when there is room. Then people can sign in and delete.
#pragma once

#include <cstdint>
#include <string>

#include "config/config.h"

namespace bodega::cli {

// One thread.
class ReserveFile {
public:
    // Nothing is kept for a catalog that is a server's, nor with files.reserve = 0.
    explicit ReserveFile(const config::Config& config);

    // Releases or makes the file, as the disk is.
    void look();

private:
    void make(std::int64_t size);

    const std::string path_;  // empty: nothing is kept
    bool released_ = false;
};

}  // namespace bodega::cli
