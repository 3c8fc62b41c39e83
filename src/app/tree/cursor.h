// A page's end as opaque text, and back: base64url of packed fields.
//
// A cursor is bound to what it was made for (a purpose byte: which listing, sort and order); anything else, and
// anything damaged, is Error{invalid}. It holds no secret and needs no signature: whatever it says, it only
// says where to go on in what the caller may see anyway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ulid.h"

namespace bodega::app {

class CursorWriter {
public:
    explicit CursorWriter(std::uint8_t purpose);

    CursorWriter& number(std::int64_t value);
    CursorWriter& id(const base::Ulid& value);
    CursorWriter& text(std::string_view value);  // at most 65,535 bytes
    std::string encoded() const;

private:
    std::string bytes_;
};

// Reads the fields in the order in which they were written.
class CursorReader {
public:
    // Throws Error{invalid}, as all the others, for a cursor that is not of this purpose.
    CursorReader(std::string_view encoded, std::uint8_t purpose);

    std::int64_t number();
    base::Ulid id();
    std::string text();
    void end() const;  // nothing is left

private:
    std::string_view take(std::size_t size);

    std::string bytes_;
    std::size_t at_ = 0;
};

}  // namespace bodega::app
