// A body on its way into a file of incoming, hashed as it comes. What an order asks for is done here alone, whether
// the app or its edge receives the bytes.
#pragma once

#include <optional>

#include "base/body_sink.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "blobs/incoming.h"

namespace bodega::blobs {

class Store;

class BodyFile final : public base::BodySink {
public:
    // The store outlives it. Throws Error{gone} if the bytes before the offset are not there, {no_space}, {io};
    // {internal} for an order that does not fit them.
    BodyFile(const Store& store, const base::BodyOrder& order);

    void write(std::span<const std::uint8_t> bytes) override;
    std::int64_t size() const noexcept override { return file_.size(); }
    void sync() override { file_.sync(); }
    void seal() override;
    void describe(base::BodyReport& report) const override;

private:
    Digest digest_;
    std::optional<Checksum> checksum_;
    base::Bytes checksum_value_;
    Incoming file_;
};

// Of a report's bytes. Throws Error{internal} if it tells of others than its size says.
Digest digest_of(const base::BodyReport& report);

}  // namespace bodega::blobs
