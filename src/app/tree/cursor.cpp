#include "app/tree/cursor.h"

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::app {
namespace {

// The version of the format, a cursor's first byte. Increase it when the format changes, so that older cursors are
// refused.
constexpr char kForm = 1;

base::Error wrong() { return {base::Code::invalid, "The cursor is not one of this listing. Start again without it."}; }

}  // namespace

CursorWriter::CursorWriter(std::uint8_t purpose) { bytes_.append({kForm, static_cast<char>(purpose)}); }

CursorWriter& CursorWriter::number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8) bytes_ += static_cast<char>(bits >> shift & 0xff);
    return *this;
}

CursorWriter& CursorWriter::id(const base::Ulid& value) {
    bytes_ += value.raw();
    return *this;
}

CursorWriter& CursorWriter::text(std::string_view value) {
    bytes_ += static_cast<char>(value.size() >> 8 & 0xff);
    bytes_ += static_cast<char>(value.size() & 0xff);
    bytes_ += value;
    return *this;
}

std::string CursorWriter::encoded() const { return base::base64url(base::as_bytes(bytes_)); }

CursorReader::CursorReader(std::string_view encoded, std::uint8_t purpose) {
    const auto bytes = base::unbase64url(encoded);
    if (!bytes) throw wrong();
    bytes_.assign(bytes->begin(), bytes->end());
    if (take(2) != std::string_view(std::string{kForm, static_cast<char>(purpose)})) throw wrong();
}

std::string_view CursorReader::take(std::size_t size) {
    if (bytes_.size() - at_ < size) throw wrong();
    at_ += size;
    return std::string_view(bytes_).substr(at_ - size, size);
}

std::int64_t CursorReader::number() {
    std::uint64_t bits = 0;
    for (const char c : take(8)) bits = bits << 8 | static_cast<std::uint8_t>(c);
    return static_cast<std::int64_t>(bits);
}

base::Ulid CursorReader::id() { return base::Ulid::from_bytes(take(16)).value(); }

std::string CursorReader::text() {
    const std::string_view length = take(2);
    const auto size =
        static_cast<std::size_t>(static_cast<std::uint8_t>(length[0])) << 8 | static_cast<std::uint8_t>(length[1]);
    const std::string_view value = take(size);
    if (!base::is_utf8(value)) throw wrong();
    return std::string(value);
}

void CursorReader::end() const {
    if (at_ != bytes_.size()) throw wrong();
}

}  // namespace bodega::app
