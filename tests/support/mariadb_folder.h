// The files of a mariadbd: initialised once a version and user, then copied for each test process.
#pragma once

#include <filesystem>

namespace bodega::test {

// A new folder with an initialised `data` in it, in memory if there is room. The caller removes it.
std::filesystem::path make_mariadb_folder();

}  // namespace bodega::test
