#include "net/host_lookup.h"

#include <future>
#include <thread>

#include "base/error.h"
#include "base/network.h"

namespace bodega::net {
namespace {

std::vector<Endpoint> look_up_beside(const std::string& host, std::uint16_t port, const WaitLimit& limit) {
    std::packaged_task<std::vector<Endpoint>()> look_up([host, port] { return resolve_name(host, port); });
    std::future<std::vector<Endpoint>> found = look_up.get_future();
    std::thread(std::move(look_up)).detach();
    while (found.wait_for(WaitLimit::kCheckEvery) != std::future_status::ready) limit.check();
    return found.get();
}

}  // namespace

std::vector<Endpoint> look_up_host(const std::string& host, std::uint16_t port, const WaitLimit& limit) {
    const bool is_address = base::parse_address(host).has_value();
    std::vector<Endpoint> found = is_address ? resolve_name(host, port) : look_up_beside(host, port, limit);
    if (found.empty()) throw base::Error(base::Code::unavailable, "can't find an address of " + host);
    return found;
}

}  // namespace bodega::net
