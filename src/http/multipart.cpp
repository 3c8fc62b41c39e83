#include "http/multipart.h"

namespace bodega::http {

std::string Multipart::before(const ByteRange& part) const {
    std::string out = "\r\n--" + boundary_ + "\r\n";
    if (!content_type_.empty()) out += "Content-Type: " + content_type_ + "\r\n";
    return out + "Content-Range: " + content_range(part, size_) + "\r\n\r\n";
}

std::string Multipart::after_all() const { return "\r\n--" + boundary_ + "--\r\n"; }

std::uint64_t Multipart::length(const std::vector<ByteRange>& parts) const {
    std::uint64_t total = after_all().size();
    for (const ByteRange& part : parts) total += before(part).size() + part.length();
    return total;
}

}  // namespace bodega::http
