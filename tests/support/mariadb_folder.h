// The files of a mariadbd, or of MySQL's mysqld: initialised once for each version and user, then copied for each test
// process.
#pragma once

#include <filesystem>
#include <string>

namespace bodega::test {

// The server's program: MySQL's from BODEGA_TEST_MYSQLD, else MariaDB's.
std::string database_server();
// Whether that is MySQL's, whose options and administration differ.
bool is_mysql();

// A new folder with an initialised `data` in it, in memory if there is room. The caller removes it.
std::filesystem::path make_mariadb_folder();

}  // namespace bodega::test
