#include "blobs/body_file.h"

#include <exception>
#include <utility>

#include "base/error.h"
#include "blobs/file_error.h"
#include "blobs/store.h"

namespace bodega::blobs {
namespace {

using base::Code;
using base::Error;

Digest restored(const base::Bytes& state, std::int64_t size) {
    std::string_view saved(reinterpret_cast<const char*>(state.data()), state.size());
    std::optional<Digest> digest = Digest::restore(saved);
    if (!digest || digest->length() != static_cast<std::uint64_t>(size))
        throw Error(Code::internal, "the digest of an upload does not match the bytes received");
    return *digest;
}

Digest digest_of(const base::BodyOrder& order) {
    return order.offset == 0 ? Digest() : restored(order.digest, order.offset);
}

std::optional<Checksum> checksum_of(const base::BodyOrder& order) {
    if (order.checksum.empty()) return std::nullopt;
    std::optional<Checksum> out = Checksum::named(order.checksum);
    if (!out) throw Error(Code::invalid, "The checksum's algorithm is not supported.");
    return out;
}

}  // namespace

BodyFile::BodyFile(const Store& store, const base::BodyOrder& order)
    : store_(store), order_(order), digest_(digest_of(order)), checksum_(checksum_of(order)) {}

// Runs a file call and updates pending_. pending_ stays `unknown` if the call times out, because the call may still
// write later.
void BodyFile::act(const std::function<void()>& call) {
    const Pending before = std::exchange(pending_, Pending::unknown);
    try {
        call();
    } catch (const Error& error) {
        if (error.code() == Code::gone) pending_ = before;
        else if (before != Pending::unknown && has_returned(error)) pending_ = Pending::bytes;
        throw;
    }
    if (before != Pending::unknown) pending_ = Pending::bytes;
}

Incoming BodyFile::open() const {
    if (!order_.fresh) return store_.resume_incoming(order_.file, order_.offset);
    return order_.in_place ? store_.create_blob(order_.file) : store_.create_incoming(order_.file);
}

Incoming& BodyFile::file() {
    if (!file_) act([this] { file_.emplace(open()); });
    return *file_;
}

void BodyFile::write(std::span<const std::uint8_t> bytes) {
    Incoming& file = this->file();
    act([&] { file.write(bytes); });
    digest_.update(bytes);
    if (checksum_) checksum_->update(bytes);
}

void BodyFile::sync() {
    Incoming& file = this->file();
    act([&] { file.sync(); });
    if (pending_ == Pending::bytes) pending_ = Pending::nothing;
}

void BodyFile::seal() {
    Incoming& file = this->file();
    act([&] { file.seal(); });
    if (pending_ == Pending::bytes) pending_ = Pending::nothing;
    if (checksum_) checksum_value_ = checksum_->value();
}

bool BodyFile::settle() noexcept {
    if (order_.lease == 0) return true;  // an upload without a lease never gets another writer
    if (pending_ != Pending::bytes) return pending_ == Pending::nothing;
    if (!file_) return false;
    try {
        sync();
    } catch (const std::exception&) {
        pending_ = Pending::unknown;
    }
    return pending_ == Pending::nothing;
}

void BodyFile::describe(base::BodyReport& report) const {
    report.size = size();
    report.digest = digest_.save();
    report.checksum = checksum_value_;
}

Digest digest_of(const base::BodyReport& report) { return restored(report.digest, report.size); }

}  // namespace bodega::blobs
