#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::base {

void fill_random(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        ssize_t n = ::getrandom(out.data(), out.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw system_error("get random bytes from the kernel", errno);
        out = out.subspan(static_cast<std::size_t>(n));
    }
}

std::string random_secret(std::size_t bytes) {
    std::vector<std::uint8_t> raw(bytes);
    fill_random(raw);
    return base64url(raw);
}

std::uint64_t random_below(std::uint64_t bound) {
    std::array<std::uint8_t, 8> raw{};
    fill_random(raw);
    std::uint64_t value = 0;
    std::memcpy(&value, raw.data(), sizeof value);
    return value % bound;
}

}  // namespace bodega::base
