// Reads a spooled body again, piece by piece, and never waits for the disk: what the page cache has not, a thread of
// the file pool reads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/file_pool.h"
#include "net/ledger.h"
#include "edge/proxy/spool.h"
#include "net/wakeup.h"

namespace bodega::edge {

// From the beginning to the end, once. Belongs to its loop's thread.
class SpoolReader {
public:
    // All outlive it. step: bytes held at a time.
    SpoolReader(FilePool& pool, std::shared_ptr<SpoolFile> file, std::size_t step, Waiter& waiter, Ledger& ledger);
    ~SpoolReader();
    SpoolReader(const SpoolReader&) = delete;
    SpoolReader& operator=(const SpoolReader&) = delete;

    enum class State : std::uint8_t {
        bytes,     // bytes() has some
        pending,   // none yet; the waiter is notified
        complete,  // there are no more
        failed,    // the disk
    };
    State poll();
    std::string_view bytes() const noexcept { return std::string_view(held_).substr(taken_); }
    void consume(std::size_t count) noexcept { taken_ += count; }  // Requires: count <= bytes().size()
    bool waits_for_disk() const noexcept { return job_ != nullptr; }

private:
    class Job;
    State read();
    State take_job();
    State hold(std::string bytes);

    FilePool& pool_;
    const std::shared_ptr<SpoolFile> file_;
    const std::size_t step_;
    Waiter& waiter_;
    Charge memory_;
    std::string held_;
    std::size_t taken_ = 0;     // of held_
    std::uint64_t offset_ = 0;  // of what comes behind held_
    std::shared_ptr<Job> job_;  // owners: this and the thread that works on it
};

}  // namespace bodega::edge
