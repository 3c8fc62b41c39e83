// Reads a spooled body in pieces, without waiting for the disk. A file pool thread reads the bytes that the page cache
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

// Reads the body once, from its start to its end. Belongs to its loop's thread.
class SpoolReader {
public:
    // step: maximum number of bytes in memory. Requires: all arguments outlive the reader.
    SpoolReader(net::FilePool& pool, std::shared_ptr<SpoolFile> file, std::size_t step, net::Wakeup& wakeup,
                net::Ledger& ledger);
    ~SpoolReader();
    SpoolReader(const SpoolReader&) = delete;
    SpoolReader& operator=(const SpoolReader&) = delete;

    enum class State : std::uint8_t {
        bytes,     // bytes() returns some bytes
        pending,   // there are no bytes yet; the wakeup is notified when the disk has answered
        complete,  // there are no more bytes
        failed,    // the file can't be read
    };
    State poll();
    std::string_view bytes() const noexcept { return std::string_view(held_).substr(taken_); }
    void consume(std::size_t count) noexcept { taken_ += count; }  // requires: count <= bytes().size()
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
    std::size_t taken_ = 0;     // consumed bytes of held_
    std::uint64_t offset_ = 0;  // offset in the file of the first byte after held_
    std::shared_ptr<Job> job_;  // owned by the reader and by the thread that runs the job
};

}  // namespace bodega::edge
