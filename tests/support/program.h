// Programs that tests start.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace bodega::test {

// Starts it with its output appended to `log`; it is killed when the calling thread ends. `input`: its
// standard input, else nothing. Throws std::system_error if it can't be forked.
pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log, int input = -1);

// Starts it and waits for its end. Throws std::runtime_error with the log's last lines unless it exits with 0.
void run_program(const std::vector<std::string>& command, const std::filesystem::path& log);

// The last lines of a log, for error messages.
std::string tail(const std::filesystem::path& log);

// A port of 127.0.0.1 that was just free.
int free_port();

}  // namespace bodega::test
