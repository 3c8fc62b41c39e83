#include "web/api/parts_source.h"

#include <algorithm>
#include <utility>

namespace bodega::web {

void PartsSource::add(std::string text) {
    const auto length = static_cast<std::int64_t>(text.size());
    if (length > 0) parts_.push_back({length_, length, std::move(text)});
    length_ += length;
}

void PartsSource::add(const http::ByteRange& part) {
    const auto length = static_cast<std::int64_t>(part.length());
    parts_.push_back({length_, length, {}, static_cast<std::int64_t>(part.first)});
    length_ += length;
}

std::size_t PartsSource::read(std::int64_t offset, std::span<char> buffer) {
    auto after = std::upper_bound(parts_.begin(), parts_.end(), offset,
                                  [](std::int64_t at, const Part& part) { return at < part.begin; });
    const Part& part = *std::prev(after);
    const std::int64_t skipped = offset - part.begin;
    buffer = buffer.first(static_cast<std::size_t>(
        std::min<std::int64_t>(part.length - skipped, static_cast<std::int64_t>(buffer.size()))));
    if (part.text.empty())
        return reader_.read_at({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()}, part.from + skipped);
    part.text.copy(buffer.data(), buffer.size(), static_cast<std::size_t>(skipped));
    return buffer.size();
}

}  // namespace bodega::web
