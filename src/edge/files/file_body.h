// Sends bytes of an open file on an exchange. Never blocks the loop on the disk.
//
// A small range is read with RWF_NOWAIT and sent together with the head. More bytes are sent with sendfile when the
// page cache has them; the file pool's threads first read the bytes that it lacks. On a file system that can't tell
// what is cached (NFS), these threads read all bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/files/blob.h"
#include "http/range.h"
#include "net/file_pool.h"
#include "net/task.h"

namespace bodega::edge {

class FileBody {
public:
    // Requires: the context outlives the FileBody.
    FileBody(LoopContext& context, std::shared_ptr<const Blob> blob) noexcept
        : context_(context), blob_(std::move(blob)), can_tell_(!blob_->folder->is_remote()) {}

    // Sends all bytes of `range`. Returns false if the client left or stalled, or if the file can't be read. Requires:
    // the range lies within the file.
    net::Task<bool> send(Exchange& x, http::ByteRange range);

private:
    enum class Next : std::uint8_t { sent, wait_for_client, cold, failed };

    net::Task<bool> send_content(Exchange& x, std::string_view rest);
    net::Task<bool> send_file(Exchange& x, http::ByteRange range);
    void take_cached();
    void hold(ssize_t count);
    Next send_cached(Exchange& x);
    Next send_held(Exchange& x);
    net::Task<bool> warm_up(Exchange& x);
    net::Moment job_deadline() const noexcept;

    LoopContext& context_;
    const std::shared_ptr<const Blob> blob_;
    off_t offset_ = 0;  // position in the file of the next byte to read
    std::uint64_t left_ = 0;
    off_t cached_to_ = 0;  // the page cache had the bytes up to this offset at the last check
    off_t warmed_to_ = 0;  // the pool has read the bytes up to this offset into the page cache
    bool can_tell_;        // true if the file system can tell what the page cache has (RWF_NOWAIT)
    std::string held_;     // bytes that were read from the file; held_sent_ of them are sent
    std::size_t held_sent_ = 0;
};

}  // namespace bodega::edge
