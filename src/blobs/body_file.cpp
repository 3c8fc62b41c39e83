#include "blobs/body_file.h"

#include "base/error.h"
#include "blobs/store.h"

namespace bodega::blobs {
namespace {

using base::Code;
using base::Error;

Digest restored(const base::Bytes& state, std::int64_t size) {
    std::string_view saved(reinterpret_cast<const char*>(state.data()), state.size());
    std::optional<Digest> digest = Digest::restore(saved);
    if (!digest || digest->length() != static_cast<std::uint64_t>(size))
        throw Error(Code::internal, "an upload has no digest of what was received");
    return *digest;
}

Digest digest_of(const base::BodyOrder& order) {
    return order.offset == 0 ? Digest() : restored(order.digest, order.offset);
}

std::optional<Checksum> checksum_of(const base::BodyOrder& order) {
    if (order.checksum.empty()) return std::nullopt;
    std::optional<Checksum> out = Checksum::named(order.checksum);
    if (!out) throw Error(Code::invalid, "That checksum's algorithm is not known here.");
    return out;
}

}  // namespace

BodyFile::BodyFile(const Store& store, const base::BodyOrder& order)
    : digest_(digest_of(order)),
      checksum_(checksum_of(order)),
      file_(order.fresh ? store.create_incoming(order.file) : store.resume_incoming(order.file, order.offset)) {}

void BodyFile::write(std::span<const std::uint8_t> bytes) {
    file_.write(bytes);
    digest_.update(bytes);
    if (checksum_) checksum_->update(bytes);
}

void BodyFile::seal() {
    file_.seal();
    if (checksum_) checksum_value_ = checksum_->value();
}

void BodyFile::describe(base::BodyReport& report) const {
    report.size = file_.size();
    report.digest = digest_.save();
    report.checksum = checksum_value_;
}

Digest digest_of(const base::BodyReport& report) { return restored(report.digest, report.size); }

}  // namespace bodega::blobs
