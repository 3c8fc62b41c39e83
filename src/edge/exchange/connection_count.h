// Limits the number of connections.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace bodega::edge {

// Counts connections, in total and for each address; shared by all loops. Thread-safe. An IPv6 address counts by its
// /64, which is what one subscriber has. A connection with an empty key counts only in the total.
class ConnectionCount {
public:
    enum class Verdict : std::uint8_t { admitted, too_many, too_many_of_address };

    ConnectionCount(std::size_t most, std::size_t most_of_address) : most_(most), most_of_address_(most_of_address) {}

    void limit_to(std::size_t most, std::size_t most_of_address);  // existing connections stay

    enum class Over : bool { no, yes };  // yes: the total limit does not apply to this connection
    Verdict admit(const std::string& key, Over over = Over::no);
    void leave(const std::string& key) noexcept;
    // Counts a connection that came with an empty key under this address from now on. Returns false, and changes
    // nothing, if the address has too many.
    bool name(const std::string& key);
    std::size_t total() const;

    static std::string key_of(const sockaddr_storage& peer);

private:
    bool count_address(const std::string& key);  // Requires: mutex_ is held

    std::size_t most_;             // protected by mutex_
    std::size_t most_of_address_;  // protected by mutex_
    mutable std::mutex mutex_;
    std::size_t total_ = 0;                           // protected by mutex_
    std::map<std::string, std::size_t> per_address_;  // protected by mutex_
};

// One admitted connection; its destruction leaves the count.
class Place {
public:
    Place(ConnectionCount& count, std::string key) noexcept : count_(&count), key_(std::move(key)) {}
    Place(Place&& other) noexcept : count_(std::exchange(other.count_, nullptr)), key_(std::move(other.key_)) {}
    Place& operator=(Place&&) = delete;
    // Sets the address when it was not known at first; false: the address has too many. Requires: the key is still
    // empty.
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
