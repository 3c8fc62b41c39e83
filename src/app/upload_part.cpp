#include "app/upload_part.h"

#include <algorithm>
#include <exception>

#include "app/placement.h"
#include "app/refusal.h"
#include "app/upload_lease.h"
#include "app/uploads.h"
#include "base/error.h"
#include "base/media_type.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "store/entries.h"

namespace bodega::app {
namespace {

using base::Code;

// A slow client's bytes are acknowledged, and its lease kept, this often.
constexpr std::chrono::milliseconds kAcknowledgeEvery{5'000};
// How long an upload that ended is remembered, for a client that lost the last answer.
constexpr base::Milliseconds kMemory = 24 * 3600 * 1000;

blobs::Digest restored_digest(const store::Upload& upload) {
    std::string_view saved(reinterpret_cast<const char*>(upload.digest_state.data()), upload.digest_state.size());
    if (upload.received == 0) return {};
    std::optional<blobs::Digest> digest = blobs::Digest::restore(saved);
    if (!digest || digest->length() != static_cast<std::uint64_t>(upload.received))
        throw base::Error(Code::internal, "an upload's row holds no digest of what was received");
    return *digest;
}

base::Error no_right() { return {Code::forbidden, "You may not change that space (any more)."}; }

// The writer of one part, from the lease to the last byte.
class Receiver {
public:
    Receiver(const Services& services, const Actor& actor, UploadLease& lease, const Part& part)
        : services_(services),
          actor_(actor),
          lease_(lease),
          upload_(lease.upload()),
          file_(services.blobs.resume_incoming(upload_.id, upload_.received)),
          digest_(restored_digest(upload_)) {
        if (!part.checksum) return;
        checksum_ = blobs::Checksum::named(part.checksum->algorithm);
        if (!checksum_) throw base::Error(Code::invalid, "That checksum's algorithm is not known here.");
        expected_ = part.checksum->expected;
    }

    // The bytes before an exception of `source` are acknowledged before it goes on.
    void take_in(const Source& source) {
        Block block;
        std::exception_ptr broken_off;
        while (!broken_off) {
            std::span<const std::uint8_t> bytes;
            try {
                bytes = block.fill(source);
            } catch (const base::Error&) {
                broken_off = std::current_exception();
            }
            if (bytes.empty()) break;
            write(bytes);
        }
        if (broken_off) {
            if (!checksum_) acknowledge();
            std::rethrow_exception(broken_off);
        }
        verify_part();
    }

    bool is_complete() const noexcept { return file_.size() == upload_.length; }

    // Requires: the part does not end the upload.
    void acknowledge() {
        if (file_.size() == upload_.received) return;
        file_.sync();
        lease_.acknowledge(file_.size(), digest_.save());
    }

    // Requires: is_complete().
    base::Ulid finish() {
        file_.seal();
        blobs::Sha256 sha256 = digest_.value();
        if (upload_.sha256 && *upload_.sha256 != sha256) refuse_whole();
        services_.blobs.publish(upload_.id, upload_.length);
        store::Content content{upload_.id, upload_.length, std::string(base::media_type_of(upload_.name)), sha256};
        base::Ulid entry_id = commit(content);
        lease_.ended();
        return entry_id;
    }

private:
    void write(std::span<const std::uint8_t> bytes) {
        std::int64_t size = file_.size() + static_cast<std::int64_t>(bytes.size());
        if (size > upload_.length) {
            if (!checksum_) acknowledge();
            throw base::Error(Code::too_large, "These are more bytes than the upload was announced with.");
        }
        // After a long silence the lease may be another's: it is asked for before its file is touched.
        if (lease_.age() >= UploadLease::kLease) lease_.renew();
        file_.write(bytes);
        digest_.update(bytes);
        if (checksum_) checksum_->update(bytes);
        bool due = size - upload_.received >= services_.config.files.checkpoint;
        bool late = lease_.age() >= kAcknowledgeEvery;
        if (checksum_ || size == upload_.length) {
            if (late) lease_.renew();
        } else if (due || late) {
            acknowledge();
        }
    }

    void verify_part() {
        if (!checksum_ || checksum_->value() == expected_) return;
        file_.truncate(upload_.received);
        throw base::Error(Code::checksum_mismatch, "The part's bytes are not those of its checksum. Send it again.");
    }

    [[noreturn]] void refuse_whole() {
        services_.catalog.transact([&](db::Connection& connection) { store::Uploads(connection).remove(upload_.id); });
        lease_.ended();
        discard("incoming", [&] { services_.blobs.remove_incoming(upload_.id); });
        throw base::Error(Code::checksum_mismatch,
                          "The file's bytes are not those of the sha256 that it was announced with. Upload it again.");
    }

    base::Ulid commit(const store::Content& content) {
        Placement placement{upload_.parent_id,
                            upload_.name,
                            upload_.on_conflict,
                            Expected{},
                            actor_,
                            base::Ulid::make(),
                            services_.config.files.versions_keep};
        auto work = [&](db::Connection& connection) {
            store::Uploads uploads(connection);
            // Locks the row: whoever takes over or ends the upload waits for this commit, or has won.
            bool held = uploads.renew(lease_.held(), UploadLease::kLease.count());
            auto there = uploads.find(upload_.id);
            if (there && there->entry_id) return *there->entry_id;  // an earlier try whose answer was lost
            if (!held) throw UploadLease::lost(connection, upload_.id);
            if (!there->may_write) throw no_right();
            base::Ulid entry_id = place(connection, placement, content).entry.id;
            uploads.complete(lease_.held(), entry_id, kMemory);
            return entry_id;
        };
        auto happened = [&](db::Connection& connection) {
            auto there = store::Uploads(connection).find(upload_.id);
            return there && there->entry_id;
        };
        return services_.catalog.transact(work, happened);
    }

    const Services& services_;
    const Actor& actor_;
    UploadLease& lease_;
    const store::Upload& upload_;  // the lease's own: `received` moves with what is acknowledged
    blobs::Incoming file_;
    blobs::Digest digest_;
    std::optional<blobs::Checksum> checksum_;
    base::Bytes expected_;
};

Progress progress_of(const store::Upload& upload, base::Milliseconds expires_at) {
    return {upload.received, upload.length, expires_at, upload.entry_id};
}

void check_offset(const store::Upload& upload, const Part& part) {
    if (part.offset != upload.received)
        throw base::Error(Code::offset_mismatch,
                          "The upload stands at byte " + std::to_string(upload.received) + ". Go on from there.");
    if (part.length && *part.length > upload.length - part.offset)
        throw base::Error(Code::too_large, "These are more bytes than the upload was announced with.");
}

}  // namespace

Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source) {
    store::Upload seen = find_upload(services, actor, part.upload_id);
    check_offset(seen, part);
    if (seen.entry_id) return progress_of(seen, seen.expires_at);
    if (!seen.may_write) throw no_right();
    UploadLease lease(services, part.upload_id, part.offset);
    if (lease.upload().entry_id) return progress_of(lease.upload(), lease.upload().expires_at);
    Receiver receiver(services, actor, lease, part);
    receiver.take_in(source);
    Progress out{lease.upload().received, lease.upload().length, 0, std::nullopt};
    if (receiver.is_complete()) {
        out.entry_id = receiver.finish();
        out.offset = out.length;
    } else {
        receiver.acknowledge();
        out.offset = lease.upload().received;
    }
    out.expires_at = out.entry_id ? 0 : lease.expiry();
    return out;
}

}  // namespace bodega::app
