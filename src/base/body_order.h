// What an app and the edge in front of it say to each other about a body that the edge writes to its file by itself.
//
// The edge offers a request by its head; the app refuses it, or orders where the bytes go. The edge reports how far it
// got, with the same head each time, and the report that all is there is what the app answers the client to. The app
// says all of it again, whoever writes: it gives the same orders to itself when a proxy that can't do this is in front.
//
// Each travels as the field kBodyField of a request or an answer between the two, and nowhere else.
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
inline constexpr std::string_view kBodyNoted = "noted";  // the answer to a report that ends nothing
// The answer to an offer, or to a request that came with its whole body: nobody can take it yet. It is to be offered
// again, or for the first time, after body_wait().
inline constexpr std::string_view kBodyWait = "wait";

// How long after a try the next one is worth making, for who has waited so long: soon while a holder that lives may
// release, then rarely, since many may wait for a server that was lost.
inline std::chrono::milliseconds body_wait(std::chrono::nanoseconds waited) noexcept {
    return std::chrono::milliseconds(waited < std::chrono::seconds(2) ? 200 : 1000);
}

// Where a body's bytes go, and when the app wants to hear of them. Sizes are the file's, in bytes.
struct BodyOrder {
    Ulid file;                     // <shared>/incoming/<file>
    Ulid ticket;                   // the app's own, for the reports
    bool fresh = false;            // the file is to be made
    std::int64_t offset = 0;       // where the first byte goes: so many are there
    std::int64_t most = 0;         // what the file may grow to
    Bytes digest;                  // SHA-256's state after `offset` bytes; empty: from the start
    std::string checksum;          // a further algorithm, of the body alone; empty: none
    std::int64_t checkpoint = 0;   // bytes after which they are kept; 0: all of the body counts or nothing
    Milliseconds acknowledge = 0;  // how often at most what came is told; 0: at the end alone
    Milliseconds lease = 0;        // after so long without a word, the file may be another's; 0: it has one writer ever

    // What to tell of a file of `size` bytes, of which the app knows `kept`, `age` after the last word with it.
    enum class Due : std::uint8_t { nothing, renewal, acknowledgement };
    Due due(std::int64_t size, std::int64_t kept, std::chrono::milliseconds age) const noexcept;
    bool keeps_parts() const noexcept { return checkpoint > 0; }

    std::string text() const;
    static std::optional<BodyOrder> parse(std::string_view text);  // nullopt: it is none
};

// The other answer to an offer: the request is to come as it is, with its body, once that is whole.
struct BodySend {
    std::int64_t most = 0;  // bytes; a longer one is refused

    std::string text() const;
    static std::optional<BodySend> parse(std::string_view text);  // nullopt: it is none
};

struct BodyReport {
    enum class Stage : std::uint8_t {
        offer,     // nothing is there yet; `length` alone counts
        alive,     // the writer goes on: the lease is renewed
        kept,      // `size` bytes are on the disk
        complete,  // the body is, all of it, and the file is closed
        broken,    // no more will come: what was kept stays
        excess,    // and there is more of it than was ordered
        failed,    // and it is the writer's fault: `code`, `message` and `retry_after`
    };

    Stage stage = Stage::offer;
    Milliseconds waited = 0;             // offer: so long after the first one
    std::optional<std::int64_t> length;  // of the body, if its head tells
    Ulid file, ticket;                   // the order's
    std::int64_t size = 0;
    Bytes digest;    // the state after `size` bytes
    Bytes checksum;  // of the body: complete
    Code code = Code::internal;
    std::string message;
    std::int64_t retry_after = 0;  // seconds; 0: not known
    bool settled = false;          // proved: nothing is on its way to the file any more; false: a write may yet happen

    static BodyReport to(const BodyOrder& order, Stage stage, std::optional<std::int64_t> length);
    static BodyReport failure(const BodyOrder& order, const Error& error, std::optional<std::int64_t> length,
                              bool settled);
    Error error() const { return {code, message, static_cast<int>(retry_after)}; }

    std::string text() const;
    static std::optional<BodyReport> parse(std::string_view text);
};

}  // namespace bodega::base
