// Other reverse proxies in front of the same upstream, to compare what they pass on with what the edge passes on.
#pragma once

#include <sys/types.h>

#include <string>

namespace bodega::test {

// One program that listens on 127.0.0.1 and proxies everything to a unix socket; killed when destroyed.
class Front {
public:
    // `folder`: for its configuration and log. Throws std::runtime_error if it does not start.
    static Front nginx(const std::string& folder, const std::string& socket);
    static Front haproxy(const std::string& folder, const std::string& socket);

    Front(Front&& other) noexcept;
    Front& operator=(Front&&) = delete;
    ~Front();

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    Front(pid_t process, int port, const std::string& log);

    pid_t process_;
    int port_;
};

}  // namespace bodega::test
