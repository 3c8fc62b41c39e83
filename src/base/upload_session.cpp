#include "base/upload_session.h"

#include <utility>

namespace bodega::base {

BodyOrder::Due BodyOrder::due(std::int64_t size, std::int64_t kept, std::chrono::milliseconds age) const noexcept {
    if (acknowledge == 0) return Due::nothing;
    bool late = age.count() >= acknowledge;
    // A complete file gets no acknowledgement here: the app's response to the finished upload acknowledges its last
    // byte.
    if (!keeps_parts() || size == max) return late ? Due::renewal : Due::nothing;
    return late || size - kept >= checkpoint ? Due::acknowledgement : Due::nothing;
}

BodyReport BodyReport::to(const BodyOrder& order, Stage stage) {
    BodyReport out;
    out.stage = stage;
    out.size = order.offset;
    out.digest = order.digest;
    return out;
}

BodyReport BodyReport::failure(const BodyOrder& order, Error error, bool settled) {
    BodyReport out = to(order, Stage::failed);
    out.error = std::move(error);
    out.settled = settled;
    return out;
}

}  // namespace bodega::base
