// A real edge on a free port in front of an upstream of the test, in a temporary folder.
#pragma once

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "edge/server.h"
#include "support/edge_sockets.h"
#include "support/temp_folder.h"

namespace bodega::test {

struct LoggedAccess {
    std::string method;
    std::string host;
    std::string path;
    int status;
    std::string address;
    std::string request_id;
    std::string user_agent;
    std::string referer;
    std::int64_t micros;
    edge::RequestStats stats;
};

class EdgeFixture {
public:
    // `settings`: instead of quick() below. `resolve`: resolves the names of upstream servers.
    explicit EdgeFixture(config::Edge settings = quick(), net::Resolve resolve = net::resolve_name)
        : server_(options(std::move(settings), std::move(resolve))) {
        server_.start();
    }

    // Defaults with one loop, on a free port.
    static config::Edge quick() {
        config::Edge out;
        out.listen = {"http://127.0.0.1:0"};
        out.loops = 1;
        return out;
    }

    edge::Server& server() { return server_; }
    std::string url() const { return server_.urls().front(); }
    RawClient client(int receive_buffer = 0) const { return RawClient(url(), receive_buffer); }
    std::string socket() const { return folder_ / "app.sock"; }

    std::string site() const { return folder_ / "site"; }

    std::string blob(const std::string& name, const std::string& bytes) {
        std::string path = folder_ / "blobs/" + name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    std::vector<LoggedAccess> accesses() const {
        std::lock_guard lock(mutex_);
        return accesses_;
    }

private:
    edge::Options options(config::Edge settings, net::Resolve resolve) {
        edge::Options out;
        out.settings = std::move(settings);
        out.resolve = std::move(resolve);
        out.app_socket = socket();
        out.blobs_root = folder_ / "blobs";
        out.site_root = site();
        out.shared_root = folder_ / "";
        std::filesystem::create_directories(out.blobs_root);
        out.on_access = [this](const edge::AccessLogEntry& a) {
            std::lock_guard lock(mutex_);
            accesses_.push_back({std::string(a.method), std::string(a.host), std::string(a.path), a.status,
                                 std::string(a.address), std::string(a.request_id), std::string(a.user_agent),
                                 std::string(a.referer), a.micros, *a.stats});
        };
        return out;
    }

    TempFolder folder_;
    mutable std::mutex mutex_;
    std::vector<LoggedAccess> accesses_;  // protected by mutex_
    edge::Server server_;
};

// Waits until `what` holds, for 5 seconds at most; returns whether it does.
template <class What>
bool eventually(What what, Millis limit = 5s) {
    auto until = std::chrono::steady_clock::now() + limit;
    while (!what()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

}  // namespace bodega::test
