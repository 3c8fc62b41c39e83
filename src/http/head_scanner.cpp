#include "http/head_scanner.h"

namespace bodega::http {

HeadScanner::Result HeadScanner::scan(std::string_view bytes) noexcept {
    for (;;) {
        std::size_t lf = bytes.find('\n', scanned_);
        if (lf == std::string_view::npos) {
            scanned_ = bytes.size();
            return Result::incomplete;
        }
        if (lf == 0 || bytes[lf - 1] != '\r') return Result::malformed;
        bool blank = lf == line_ + 1;
        line_ = scanned_ = lf + 1;
        if (blank) return Result::complete;
    }
}

}  // namespace bodega::http
