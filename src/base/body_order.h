// Messages between the app and the edge about a request body that the edge writes to a file.
//
// The edge sends the request's head, which is called an offer. The app refuses the request, or answers with an order
// that says where the bytes go. The edge then reports how many bytes it has written; each report repeats the head. The
// app's response to the report "complete" is the response to the client. Behind a proxy that does not know these
// messages, the app executes its own orders, so both writers use one protocol.
//
// Each message is the value of the field kBodyField in a request or a response between edge and app. The field occurs
// nowhere else.
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
// The response while the app can't accept an upload yet. It answers an offer, or a request with its whole body. The
// edge offers the client's request (again) after body_wait().
inline constexpr std::string_view kBodyWait = "wait";

// Returns the pause before the next offer; `waited` is the total wait so far. The pause is short at first, since a
// writer that still runs may release the upload soon. It is longer later, since many clients may wait for a server that
// was lost.
inline std::chrono::milliseconds body_wait(std::chrono::nanoseconds waited) noexcept {
    return std::chrono::milliseconds(waited < std::chrono::seconds(2) ? 200 : 1000);
}

// Where a body's bytes go, and when the app wants reports. Sizes are in bytes and count the whole file.
struct BodyOrder {
    Ulid file;                     // <shared>/incoming/<file>
    Ulid ticket;                   // chosen by the app; each report carries it
    bool fresh = false;            // the file does not exist yet: create it
    std::int64_t offset = 0;       // the body's first byte goes here; the file already has this many bytes
    std::int64_t most = 0;         // maximum size of the file
    Bytes digest;                  // SHA-256's state after `offset` bytes; empty: hash from the start
    std::string checksum;          // algorithm of an additional checksum of this body; empty: no checksum
    std::int64_t checkpoint = 0;   // sync and report after this many bytes; 0: a partial body is discarded
    Milliseconds acknowledge = 0;  // minimum time between two progress reports; 0: only the final report
    // After this time without a report, another writer may take the file. 0: the file never gets another writer.
    Milliseconds lease = 0;

    // Returns the report that is due for a file of `size` bytes. The app knows of `kept` bytes. The last report was
    // sent `age` ago.
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
    Milliseconds waited = 0;             // in an offer: time since the first offer
    std::optional<std::int64_t> length;  // length of the body, if the head declares it
    Ulid file, ticket;                   // as in the order
    std::int64_t size = 0;
    Bytes digest;    // SHA-256's state after `size` bytes
    Bytes checksum;  // checksum of the body; set in `complete`
    Code code = Code::internal;
    std::string message;
    std::int64_t retry_after = 0;  // seconds; 0: unknown
    bool settled = false;          // true: no write to the file is pending; false: a late write is possible

    static BodyReport to(const BodyOrder& order, Stage stage, std::optional<std::int64_t> length);
    static BodyReport failure(const BodyOrder& order, const Error& error, std::optional<std::int64_t> length,
                              bool settled);
    Error error() const { return {code, message, static_cast<int>(retry_after)}; }

    std::string text() const;
    static std::optional<BodyReport> parse(std::string_view text);
};

}  // namespace bodega::base
