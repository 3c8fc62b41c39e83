// Reads a spooled body piece by piece without waiting for the disk: a file pool thread reads what the page cache
// lacks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "edge/proxy/spool.h"
#include "net/file_pool.h"
#include "net/ledger.h"
#include "net/wakeup.h"

namespace bodega::edge {

// Reads from the beginning to the end, once. Belongs to its loop's thread.
class SpoolReader {
public:
    // All arguments outlive it. step: bytes held at a time.
    SpoolReader(net::FilePool& pool, std::shared_ptr<SpoolFile> file, std::size_t step, net::Wakeup& wakeup,
                net::Ledger& ledger);
    ~SpoolReader();
    SpoolReader(const SpoolReader&) = delete;
    SpoolReader& operator=(const SpoolReader&) = delete;

    enum class State : std::uint8_t {
        bytes,     // bytes() has some
        pending,   // no bytes yet; the wakeup is notified once the disk has answered
        complete,  // there are no more
        failed,    // the disk failed
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

    net::FilePool& pool_;
    const std::shared_ptr<SpoolFile> file_;
    const std::size_t step_;
    net::Wakeup& wakeup_;
    net::Charge memory_;
    std::string held_;
    std::size_t taken_ = 0;     // bytes of held_
    std::uint64_t offset_ = 0;  // in the file, of the byte after held_
    std::shared_ptr<Job> job_;  // owners: this, and the thread that works on it
};

}  // namespace bodega::edge
