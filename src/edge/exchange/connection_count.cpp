#include "edge/exchange/connection_count.h"

#include <netinet/in.h>

namespace bodega::edge {

ConnectionCount::Verdict ConnectionCount::admit(const std::string& key, Over over) {
    const base::MutexLock lock(mutex_);
    if (total_ >= max_ && over == Over::no) return Verdict::too_many;
    if (!count_address(key)) return Verdict::too_many_of_address;
    ++total_;
    return Verdict::admitted;
}

void ConnectionCount::limit_to(std::size_t max, std::size_t max_per_address) {
    const base::MutexLock lock(mutex_);
    max_ = max;
    max_per_address_ = max_per_address;
}

bool ConnectionCount::name(const std::string& key) {
    const base::MutexLock lock(mutex_);
    return count_address(key);
}

bool ConnectionCount::count_address(const std::string& key) {
    if (key.empty()) return true;
    std::size_t& count = per_address_[key];
    if (count >= max_per_address_) return false;
    ++count;
    return true;
}

void ConnectionCount::leave(const std::string& key) noexcept {
    const base::MutexLock lock(mutex_);
    --total_;
    auto at = per_address_.find(key);
    if (at != per_address_.end() && --at->second == 0) per_address_.erase(at);
}

std::size_t ConnectionCount::total() const {
    const base::MutexLock lock(mutex_);
    return total_;
}

std::string ConnectionCount::key_of(const sockaddr_storage& peer) {
    if (peer.ss_family == AF_INET)
        return {reinterpret_cast<const char*>(&reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr), 4};
    if (peer.ss_family != AF_INET6) return {};
    const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
    const char* bytes = reinterpret_cast<const char*>(&address);
    return IN6_IS_ADDR_V4MAPPED(&address) ? std::string(bytes + 12, 4) : std::string(bytes, 8);
}

}  // namespace bodega::edge
