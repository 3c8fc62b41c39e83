// Encodes the end of a page as opaque text, and decodes it. The text is base64url of packed fields.
//
// A cursor contains a byte for its purpose: the listing, the sort and the order. Reading a cursor of another purpose,
// or a damaged one, throws Error{invalid}. A cursor contains no secret and needs no signature, since it only says where
// to continue in a listing that the caller may see anyway.
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
    CursorWriter& text(std::string_view value);  // requires: at most 65,535 bytes
    std::string encoded() const;

private:
    std::string bytes_;
};

// Reads the fields in the order in which they were written.
class CursorReader {
public:
    // The constructor and the functions below throw Error{invalid} for a damaged cursor. The constructor also throws it
    // for a cursor of another purpose.
    CursorReader(std::string_view encoded, std::uint8_t purpose);

    std::int64_t number();
    base::Ulid id();
    std::string text();
    void end() const;  // throws if there are unread fields

private:
    std::string_view take(std::size_t size);

    std::string bytes_;
    std::size_t at_ = 0;
};

}  // namespace bodega::app
