#include "support/front.h"

#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/edge_sockets.h"
#include "support/program.h"

namespace bodega::test {
namespace {

// The default settings, where they affect framing.
std::string nginx_configuration(const std::string& folder, const std::string& socket, int port) {
    return "daemon off; master_process off; pid " + folder + "/nginx.pid; error_log " + folder +
           "/nginx.log;\n"
           "events { worker_connections 256; }\n"
           "http { access_log off; client_body_temp_path " +
           folder + "/body; proxy_temp_path " + folder + "/proxy; fastcgi_temp_path " + folder +
           "/fastcgi; uwsgi_temp_path " + folder + "/uwsgi; scgi_temp_path " + folder +
           "/scgi;\n  server { listen 127.0.0.1:" + std::to_string(port) +
           "; location / { proxy_pass http://unix:" + socket +
           ":; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host; } } }\n";
}

std::string haproxy_configuration(const std::string& socket, int port) {
    return "defaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\n"
           "frontend front\n  bind 127.0.0.1:" +
           std::to_string(port) + "\n  default_backend back\nbackend back\n  server app unix@" + socket + "\n";
}

}  // namespace

Front::Front(pid_t process, int port, const std::string& log) : process_(process), port_(port) {
    for (int i = 0; i < 1000; ++i) {
        try {
            RawClient client(url());
            return;
        } catch (const std::runtime_error&) {
            if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
            std::this_thread::sleep_for(10ms);
        }
    }
    throw std::runtime_error("a front did not come up:\n" + tail(log));
}

Front::Front(Front&& other) noexcept : process_(std::exchange(other.process_, 0)), port_(other.port_) {}

Front::~Front() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

Front Front::nginx(const std::string& folder, const std::string& socket) {
    int port = free_port();
    std::string path = folder + "/nginx.conf";
    std::ofstream(path) << nginx_configuration(folder, socket, port);
    std::string log = folder + "/nginx.out";
    return {start_program({"nginx", "-p", folder, "-e", folder + "/nginx.log", "-c", path}, log), port, log};
}

Front Front::haproxy(const std::string& folder, const std::string& socket) {
    int port = free_port();
    std::string path = folder + "/haproxy.cfg";
    std::ofstream(path) << haproxy_configuration(socket, port);
    std::string log = folder + "/haproxy.out";
    return {start_program({"haproxy", "-db", "-f", path}, log), port, log};
}

}  // namespace bodega::test
