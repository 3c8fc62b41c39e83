// Where the app listens for the edge: a unix socket that only this user reaches.
#pragma once

#include <string>

namespace bodega::cli {

// A path for a new socket in `data_dir`, or in a private folder below TMPDIR (or /tmp) if it would not fit into
// an address (107 bytes). Several processes may share a data_dir, so each has its own name; what a killed one
// left behind is removed by the next. The destructor removes the socket. Throws Error{config_invalid}.
class AppSocket {
public:
    explicit AppSocket(const std::string& data_dir);
    ~AppSocket();
    AppSocket(const AppSocket&) = delete;
    AppSocket& operator=(const AppSocket&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string folder_;  // ours alone, below TMPDIR; empty: the socket is in data_dir
    std::string path_;
};

}  // namespace bodega::cli
