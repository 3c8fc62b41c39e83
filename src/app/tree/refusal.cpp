#include "app/tree/refusal.h"

#include "base/log.h"

namespace bodega::app {

bool is_refusal(base::Code code) noexcept {
    switch (code) {
        case base::Code::not_found:
        case base::Code::forbidden:
        case base::Code::conflict:
        case base::Code::name_taken:
        case base::Code::name_invalid:
        case base::Code::precondition_failed:
        case base::Code::quota_exceeded:
        case base::Code::locked:
        case base::Code::gone: return true;
        default: return false;
    }
}

void discard(std::string_view what, const std::function<void()>& remove) noexcept {
    try {
        remove();
    } catch (const std::exception& e) {
        base::log::warn("files", "could not remove an unneeded file; the garbage collector will",
                        {{"what", what}, {"error", e.what()}});
    }
}

}  // namespace bodega::app
