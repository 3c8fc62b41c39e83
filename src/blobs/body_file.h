// A body on its way into a file of incoming, hashed as it comes. What an order asks for is done here alone, whether
// the app or its edge receives the bytes.
#pragma once

#include <functional>
#include <optional>

#include "base/body_sink.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "blobs/incoming.h"

namespace bodega::blobs {

class Store;

// The file is made or opened by the first call that needs it, which throws Error{gone} if the bytes before the offset
// are not there. Error{unavailable}: a call was given up, and may happen later.
class BodyFile final : public base::BodySink {
public:
    // The store outlives it. Touches no file. Throws Error{internal} for an order whose digest is not that of its
    // offset, {invalid} for an unknown checksum.
    BodyFile(const Store& store, const base::BodyOrder& order);

    void write(std::span<const std::uint8_t> bytes) override;
    std::int64_t size() const noexcept override { return file_ ? file_->size() : order_.offset; }
    void sync() override;
    void seal() override;
    bool settle() noexcept override;
    void describe(base::BodyReport& report) const override;

private:
    // What may be on its way to the file.
    enum class Pending : std::uint8_t {
        nothing,
        bytes,    // all calls have returned: a sync proves that they are on the disk
        unknown,  // a call was given up
    };

    void act(const std::function<void()>& call);
    Incoming& file();

    const Store& store_;
    const base::BodyOrder order_;
    Digest digest_;
    std::optional<Checksum> checksum_;
    base::Bytes checksum_value_;
    std::optional<Incoming> file_;
    Pending pending_ = Pending::nothing;
};

// Of a report's bytes. Throws Error{internal} if it tells of others than its size says.
Digest digest_of(const base::BodyReport& report);

}  // namespace bodega::blobs
