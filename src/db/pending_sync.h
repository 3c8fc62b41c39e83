// What a committed transaction still needs so that it survives a power failure.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

namespace bodega::db {

// The log of a catalog whose commits are synced later. Thread-safe.
class CommitLog {
public:
    virtual ~CommitLog() = default;

    // Returns when commit `number` and all commits before it are on the disk. Throws Error{io} if the log can't be
    // written to the disk; it is then not known which commits survive a power failure. Blocks.
    virtual void wait_for(std::uint64_t number) = 0;
};

// Returned by Connection::commit(). Other transactions can already see the commit, but its own caller must wait()
// before it acts on the commit outside the catalog: answers a client, removes a file. Does not need the connection, so
// wait() can be called after the connection was returned to its pool. An empty object waits for nothing: the server of
// a MySQL catalog has already synced the commit.
class [[nodiscard]] PendingSync {
public:
    PendingSync() = default;
    PendingSync(std::shared_ptr<CommitLog> log, std::uint64_t number) : log_(std::move(log)), number_(number) {}

    void wait() {
        if (log_) log_->wait_for(number_);
    }

private:
    std::shared_ptr<CommitLog> log_;
    std::uint64_t number_ = 0;
};

}  // namespace bodega::db
