// Receives one request's body into a file: the contract between the app, which decides, and a writer, which has the
// bytes.
//
// A PUT of a file (app/tree/put_file.h) and a part of a resumable upload (tus 1.0.0, app/uploads/upload_part.h) are
// received in the same steps:
//
//   begin     The app checks the request. It refuses the request, answers it (no byte is needed), asks to wait
//             (another writer holds the upload), or returns a session. The session of a part holds the upload's lease.
//   open      The writer opens the file of order(), then writes and hashes the bytes that arrive.
//   progress  `kept`: these bytes are synced; the app acknowledges them and renews the lease. `alive`: it renews the
//             lease. order() says when each is due.
//   finish    `complete`: the body is synced and the file is closed. The app publishes the file and commits its row, or
//             acknowledges the part, and releases the lease. The result is the answer to the client.
//   abort     `broken`, `excess` or `failed`: no more bytes come. The app acknowledges the synced bytes, or removes the
//             file, and releases the lease. If it throws, the error is the answer to the client.
//
// What each step proves:
//
//   durable   Bytes are acknowledged after they are synced, and never more than those. The last byte of a file is
//             acknowledged by the commit of the file's row.
//   one       The writer of a part holds the upload's lease, which expires by the database's clock. order().ticket
//   writer    names the holder. If another writer has the lease by then, a step changes nothing and throws
//             Error{locked} or {gone}. A writer that has not reported for order().lease calls progress before it writes
//             to the file again.
//   settled   BodyReport::settled proves that no write of this writer can take effect any more. Without that proof the
//             next writer copies the acknowledged bytes to another file (app/uploads/upload_move.h).
//   repeated  A step whose answer was lost may be repeated. If the first call succeeded, the second has the same
//   result.
//             If the first failed, the second changes nothing, but may throw another error, since the file or the lease
//             may be gone by then.
//   rights    begin checks the caller's rights, to refuse early. finish checks them again, in the transaction that
//             commits. Before that, the caller is authenticated again: at each report of the edge (web/dispatcher.cpp),
//             and after a body that the app has read (web/api/upload_body.h).
//   recalled  When a client reconnects, it begins again. begin asks the old writer to stop (register_writer). The old
//             writer aborts, so that a later begin gets the lease.
//
// The session's state is in the catalog and in the file; the object has only the data of the request. A session that is
// destroyed too early leaves a lease, which expires, or a file, which garbage collection removes.
//
// There are two kinds of writers. Behind another proxy, app::write_body (app/tree/body_writer.h) reads the body on a
// thread of the app and calls the session itself. Otherwise the edge of this process writes
// (edge/uploads/upload_receiver.h) and calls the session by messages (base/upload_conversation.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/body_recalls.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/ulid.h"

namespace bodega::base {

// Returns the pause before the next begin; `waited` is the total wait so far. The pause is short at first, since a
// writer that still runs may release the upload soon. It is longer later, since many clients may wait for a node that
// has failed.
inline std::chrono::milliseconds body_wait(std::chrono::nanoseconds waited) noexcept {
    return std::chrono::milliseconds(waited < std::chrono::seconds(2) ? 200 : 1000);
}

// Tells a writer where a body's bytes go and when to report. Sizes are in bytes and count from the start of the file.
struct BodyOrder {
    Ulid file;                     // the file is <shared>/incoming/<file>; with in_place, the blob with this id
    Ulid ticket;                   // identifies the writer, for example as the holder of a lease
    bool fresh = false;            // the file does not exist yet: create it
    bool in_place = false;         // a fresh file that is created under its final name
    std::int64_t offset = 0;       // the body's first byte goes here; the file already has this many bytes
    std::int64_t max = 0;          // maximum size of the file
    Bytes digest;                  // SHA-256's state after `offset` bytes; empty: hash from the start
    std::string checksum;          // algorithm of an additional checksum of this body; empty: no checksum
    std::int64_t checkpoint = 0;   // sync and report after this many bytes; 0: a partial body is discarded
    Milliseconds acknowledge = 0;  // minimum time between two progress reports; 0: only the final report
    // After this time without a report, another writer may take the file. 0: the file never gets another writer.
    Milliseconds lease = 0;

    // Returns the report that is due. size: bytes in the file. kept: bytes that the app knows to be synced. age: time
    // since the last report.
    enum class Due : std::uint8_t { nothing, renewal, acknowledgement };
    Due due(std::int64_t size, std::int64_t kept, std::chrono::milliseconds age) const noexcept;
    bool keeps_parts() const noexcept { return checkpoint > 0; }
};

// A writer's message to its session.
struct BodyReport {
    enum class Stage : std::uint8_t {
        alive,     // progress: the writer is still working
        kept,      // progress: `size` bytes are synced to the disk
        complete,  // finish: the whole body is synced and the file is closed
        broken,    // abort: no more bytes will come; the synced bytes stay
        excess,    // abort: the body is longer than the order allows
        failed,    // abort: the writer failed with `error`
    };

    Stage stage = Stage::alive;
    std::int64_t size = 0;  // bytes in the file
    Bytes digest;           // SHA-256's state after `size` bytes
    Bytes checksum;         // checksum of the body; set in `complete`
    bool settled = false;   // true: no write to the file is pending; false: a late write is possible
    std::optional<Error> error;

    // Makes a report with the size and digest of the order, as if no byte was written.
    static BodyReport to(const BodyOrder& order, Stage stage);
    static BodyReport failure(const BodyOrder& order, Error error, bool settled);
    bool is_progress() const noexcept { return stage == Stage::alive || stage == Stage::kept; }
};

// Writes the file of a BodyOrder. The first write(), sync() or seal() creates or opens the file. One thread at a time
// uses a sink, and may block on the disk. The calls throw Error{no_space} or Error{io}. After an error the sink writes
// nothing more.
class BodySink {
public:
    virtual ~BodySink() = default;

    virtual void write(std::span<const std::uint8_t> bytes) = 0;
    virtual std::int64_t size() const noexcept = 0;  // bytes in the file
    virtual void sync() = 0;                         // returns when all written bytes are on the disk
    virtual void seal() = 0;                         // syncs and closes the file

    // Call after an error. Syncs what was written. Returns true if it is proved that no write to the file is pending,
    // so that another writer may use the file. A file call that was abandoned after a timeout may still take effect at
    // any later time, even if later calls succeed.
    virtual bool settle() noexcept = 0;

    // Sets the report's size and digest to those of the written bytes. After seal(), sets the checksum too.
    virtual void describe(BodyReport& report) const = 0;
};

// The common part of the sessions for a PUT and for a part. Each of the two classes declares its own finish(), since
// the results differ. Thread-safe; every call may block on the disk or the catalog, except order() and
// register_writer().
class UploadSession {
public:
    virtual ~UploadSession() = default;
    UploadSession(const UploadSession&) = delete;
    UploadSession& operator=(const UploadSession&) = delete;

    const BodyOrder& order() const noexcept { return order_; }

    // Returns the sink for order(). Throws Error{internal} or {invalid} if the order can't be executed.
    virtual std::unique_ptr<BodySink> open() const = 0;

    // Requires: report.is_progress(). Throws Error{locked} or {gone} if the lease was lost. Nothing was acknowledged
    // then, and a later abort() changes nothing.
    virtual void progress(const BodyReport& report) = 0;

    // Requires: a report that ends an incomplete body. Throws Error{too_large} or {quota_exceeded} for `excess`, the
    // report's error for `failed`, and the errors of progress().
    virtual void abort(const BodyReport& report) = 0;

    // Registers the function that stops the writer when its client reconnects. Returns nullptr if this kind of session
    // is never recalled. See BodyRecalls::Seat.
    virtual std::unique_ptr<BodyRecalls::Seat> register_writer(std::function<void()> stop) {
        static_cast<void>(stop);
        return nullptr;
    }

protected:
    explicit UploadSession(BodyOrder order) : order_(std::move(order)) {}

private:
    const BodyOrder order_;
};

}  // namespace bodega::base
