// The fields of an answer as nghttp2 needs them (RFC 9113 section 8.3.2).
#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "edge/exchange/exchange.h"

namespace bodega::edge {

// A connection uses one object for all of its answers. The views in it are valid until the next assign().
class Http2Fields {
public:
    // Fills the list. It refers to the memory of the arguments. hsts: a field line; may be empty.
    void assign(const Answer& answer, std::string_view date, std::string_view request_id, std::string_view hsts);
    void assign_interim(int status, std::string_view lines);

    const nghttp2_nv* data() const noexcept { return list_.data(); }
    std::size_t size() const noexcept { return list_.size(); }

private:
    void add(std::string_view name, std::string_view value, std::uint8_t flags = NGHTTP2_NV_FLAG_NONE);
    void add_lines(std::string_view lines);

    std::vector<nghttp2_nv> list_;
    std::array<char, 4> status_{};
    std::array<char, 24> length_{};
};

}  // namespace bodega::edge
