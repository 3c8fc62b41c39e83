// Messages between the app and the edge about a request body that the edge writes to its file itself.
//
// The edge offers a request by sending its head. The app refuses it, or orders where the bytes go. The edge reports how
// many bytes it has written, with the same head each time. The app's response to the report "complete" is the response
// to the client. When a proxy that can't do this is in front, the app gives the same orders to itself, so one protocol
// serves both writers.
//
// Each message travels in the field kBodyField of a request or a response between the two, and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/ulid.h"

namespace bodega::base {

inline constexpr std::string_view kBodyField = "Bodega-Body";
inline constexpr std::string_view kBodyNoted = "noted";  // the response to every report but the last
// The response to an offer, or to a request that came with its whole body, while nothing can accept it yet. The
// client's request is offered (again) after body_wait().
inline constexpr std::string_view kBodyWait = "wait";

// The pause before the next offer, after `waited` in total: short at first, since a live holder may release the upload
// soon; then longer, since many clients may wait for a server that was lost.
inline std::chrono::milliseconds body_wait(std::chrono::nanoseconds waited) noexcept {
    return std::chrono::milliseconds(waited < std::chrono::seconds(2) ? 200 : 1000);
}

// Where a body's bytes go, and when the app wants reports. Sizes are in bytes and count the whole file.
struct BodyOrder {
    Ulid file;                     // <shared>/incoming/<file>
    Ulid ticket;                   // chosen by the app; each report carries it
    bool fresh = false;            // the file does not exist yet: create it
    std::int64_t offset = 0;       // where the first byte goes: the file has this many bytes already
    std::int64_t most = 0;         // maximum size of the file
    Bytes digest;                  // SHA-256's state after `offset` bytes; empty: hash from the start
    std::string checksum;          // an additional algorithm, over this body only; empty: none
    std::int64_t checkpoint = 0;   // sync and report after this many bytes; 0: a partial body is discarded
    Milliseconds acknowledge = 0;  // minimum time between two progress reports; 0: only the final report
    Milliseconds lease =
        0;  // without a report for this long, another writer may take the file; 0: the file only ever has one writer

    // The report that is due for a file of `size` bytes, if the app knows of `kept` bytes and the last report is `age`
    // old.
    enum class Due : std::uint8_t { nothing, renewal, acknowledgement };
    Due due(std::int64_t size, std::int64_t kept, std::chrono::milliseconds age) const noexcept;
    bool keeps_parts() const noexcept { return checkpoint > 0; }

    std::string text() const;
    static std::optional<BodyOrder> parse(std::string_view text);  // nullopt: malformed
};

// The other response to an offer: the edge receives the whole body first, then sends the request with it.
struct BodySend {
    std::int64_t most = 0;  // bytes; a longer body is refused

    std::string text() const;
    static std::optional<BodySend> parse(std::string_view text);  // nullopt: malformed
};

struct BodyReport {
    enum class Stage : std::uint8_t {
        offer,     // no byte was received yet; only `length` is set
        alive,     // the writer is still working: renew the lease
        kept,      // `size` bytes are synced to the disk
        complete,  // the whole body is synced and the file is closed
        broken,    // no more bytes will come; the synced bytes stay
        excess,    // the body is longer than the order allows
        failed,    // the writer failed: see `code`, `message` and `retry_after`
    };

    Stage stage = Stage::offer;
    Milliseconds waited = 0;             // offer: time since the first offer
    std::optional<std::int64_t> length;  // of the body, if the head declares it
    Ulid file, ticket;                   // as in the order
    std::int64_t size = 0;
    Bytes digest;    // SHA-256's state after `size` bytes
    Bytes checksum;  // of the body; set by `complete`
    Code code = Code::internal;
    std::string message;
    std::int64_t retry_after = 0;  // seconds; 0: unknown
    bool settled = false;          // true: no write to the file can still happen; false: a late write is possible

    static BodyReport to(const BodyOrder& order, Stage stage, std::optional<std::int64_t> length);
    static BodyReport failure(const BodyOrder& order, const Error& error, std::optional<std::int64_t> length,
                              bool settled);
    Error error() const { return {code, message, static_cast<int>(retry_after)}; }

    std::string text() const;
    static std::optional<BodyReport> parse(std::string_view text);
};

}  // namespace bodega::base
