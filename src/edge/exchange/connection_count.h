// Limits the number of connections.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/mutex.h"

namespace bodega::edge {

// Counts connections, in total and for each address. All loops share it. Thread-safe. All IPv6 addresses of a /64 count
// together, since a subscriber has a /64. A connection with an empty key counts only in the total.
class ConnectionCount {
public:
    enum class Verdict : std::uint8_t { admitted, too_many, too_many_of_address };

    ConnectionCount(std::size_t max, std::size_t max_per_address) : max_(max), max_per_address_(max_per_address) {}

    void limit_to(std::size_t max, std::size_t max_per_address);  // applies to new connections only

    enum class Over : bool { no, yes };  // yes: admits the connection even if the total exceeds its limit
    Verdict admit(const std::string& key, Over over = Over::no);
    void leave(const std::string& key) noexcept;
    // Starts to count one connection for the address `key`. The connection was admitted with an empty key, because its
    // address was not known. Returns false, and changes nothing, if the address has too many connections.
    bool name(const std::string& key);
    std::size_t total() const;

    static std::string key_of(const sockaddr_storage& peer);

private:
    bool count_address(const std::string& key) REQUIRES(mutex_);

    mutable base::Mutex mutex_;
    std::size_t max_ GUARDED_BY(mutex_);
    std::size_t max_per_address_ GUARDED_BY(mutex_);
    std::size_t total_ GUARDED_BY(mutex_) = 0;
    std::map<std::string, std::size_t> per_address_ GUARDED_BY(mutex_);
};

// One admitted connection in the count. The destructor removes it from the count.
class Place {
public:
    Place(ConnectionCount& count, std::string key) noexcept : count_(&count), key_(std::move(key)) {}
    Place(Place&& other) noexcept : count_(std::exchange(other.count_, nullptr)), key_(std::move(other.key_)) {}
    Place& operator=(Place&&) = delete;
    // Sets the address, if it was not known when the connection was admitted. Returns false if the address has too many
    // connections. Requires: the key is still empty.
    bool name(std::string key) {
        if (!count_->name(key)) return false;
        key_ = std::move(key);
        return true;
    }
    ~Place() {
        if (count_) count_->leave(key_);
    }

private:
    ConnectionCount* count_;
    std::string key_;
};

}  // namespace bodega::edge
