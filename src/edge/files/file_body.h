// Sends bytes of an open file on an exchange, without ever blocking the loop on the disk.
//
// Few bytes are read with RWF_NOWAIT and leave with the head; many go by sendfile once the page cache has them.
// What the cache lacks is read by the pool's threads first. A file system that can't tell (NFS) is always read there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "edge/files/blob.h"
#include "edge/exchange/exchange.h"
#include "net/file_pool.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"
#include "http/range.h"

namespace bodega::edge {

class FileBody {
public:
    // The worker outlives it.
    FileBody(Worker& worker, std::shared_ptr<const Blob> blob) noexcept
        : worker_(worker), blob_(std::move(blob)), can_tell_(!blob_->folder->is_remote()) {}

    // All of `range`; false if it could not: the client left or stalled, or the file can't be read.
    // Requires: the range lies within the file.
    Task<bool> send(Exchange& x, http::ByteRange range);

private:
    enum class Next : std::uint8_t { sent, wait_for_client, cold, failed };

    Task<bool> send_content(Exchange& x, std::string_view rest);
    Task<bool> send_file(Exchange& x, http::ByteRange range);
    void take_cached();
    void hold(ssize_t count);
    Next send_cached(Exchange& x);
    Next send_held(Exchange& x);
    Task<bool> warm_up(Exchange& x);
    Moment patience() const noexcept;

    Worker& worker_;
    const std::shared_ptr<const Blob> blob_;
    off_t offset_ = 0;  // of the next byte to take from the file
    std::uint64_t left_ = 0;
    off_t cached_to_ = 0;  // the page cache was seen to hold the bytes before this
    off_t warmed_to_ = 0;  // the pool has read the bytes before this
    bool can_tell_;        // the file system knows RWF_NOWAIT
    std::string held_;     // bytes taken but not sent
    std::size_t held_sent_ = 0;
};

}  // namespace bodega::edge
