#include "base/body_order.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace bodega::base {
namespace {

using Stage = BodyReport::Stage;

constexpr std::string_view kTake = "take";
constexpr std::string_view kSend = "send";
constexpr std::array<std::string_view, 7> kStages = {"offer",  "alive",  "kept",  "complete",
                                                     "broken", "excess", "failed"};

// Writes a control message, "word; name=value; name=value". Both ends are bodega, so reading is strict.
class ControlMessage {
public:
    explicit ControlMessage(std::string_view word) : text_(word) {}

    void add(std::string_view name, std::string_view value) {
        if (!value.empty()) text_.append("; ").append(name).append("=").append(value);
    }
    void add(std::string_view name, std::int64_t value) { add(name, std::string_view(std::to_string(value))); }
    void add(std::string_view name, const Bytes& value) { add(name, std::string_view(base64(value))); }
    void add(std::string_view name, const Ulid& value) { add(name, std::string_view(value.text())); }
    std::string take() && { return std::move(text_); }

private:
    std::string text_;
};

class Reading {
public:
    explicit Reading(std::string_view text) : text_(text) {}

    std::string_view word() const { return text_.substr(0, text_.find(';')); }

    bool read(std::string_view name, std::string& out) {
        out = find(name).value_or("");
        return true;
    }
    bool read(std::string_view name, std::int64_t& out) {
        auto found = find(name);
        if (!found) return false;
        auto [end, error] = std::from_chars(found->data(), found->data() + found->size(), out);
        return error == std::errc() && end == found->data() + found->size() && out >= 0;
    }
    bool read(std::string_view name, std::optional<std::int64_t>& out) {
        if (!find(name)) return true;
        return read(name, out.emplace());
    }
    bool read(std::string_view name, Bytes& out) {
        auto bytes = unbase64(find(name).value_or(""));
        if (bytes) out = std::move(*bytes);
        return bytes.has_value();
    }
    bool read(std::string_view name, Ulid& out) {
        auto id = Ulid::parse(find(name).value_or(""));
        if (id) out = *id;
        return id.has_value();
    }

private:
    std::optional<std::string_view> find(std::string_view name) const {
        std::string_view rest = text_;
        for (std::size_t at = rest.find("; "); at != std::string_view::npos; at = rest.find("; ")) {
            rest.remove_prefix(at + 2);
            if (!rest.starts_with(name) || rest.size() == name.size() || rest[name.size()] != '=') continue;
            std::string_view value = rest.substr(name.size() + 1);
            return value.substr(0, value.find("; "));
        }
        return std::nullopt;
    }

    std::string_view text_;
};

std::optional<Code> code_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(Code::internal); ++i)
        if (code_name(static_cast<Code>(i)) == name) return static_cast<Code>(i);
    return std::nullopt;
}

}  // namespace

BodyOrder::Due BodyOrder::due(std::int64_t size, std::int64_t kept, std::chrono::milliseconds age) const noexcept {
    if (acknowledge == 0) return Due::nothing;
    bool late = age.count() >= acknowledge;
    // The app's response to the finished upload acknowledges the last byte, so no report does.
    if (!keeps_parts() || size == most) return late ? Due::renewal : Due::nothing;
    return late || size - kept >= checkpoint ? Due::acknowledgement : Due::nothing;
}

std::string BodyOrder::text() const {
    ControlMessage out(kTake);
    out.add("file", file);
    out.add("ticket", ticket);
    out.add("fresh", fresh ? 1 : 0);
    out.add("offset", offset);
    out.add("most", most);
    out.add("digest", digest);
    out.add("checksum", std::string_view(checksum));
    out.add("checkpoint", checkpoint);
    out.add("acknowledge", acknowledge);
    out.add("lease", lease);
    return std::move(out).take();
}

std::optional<BodyOrder> BodyOrder::parse(std::string_view text) {
    Reading in(text);
    BodyOrder out;
    std::int64_t fresh = 0;
    bool whole = in.word() == kTake && in.read("file", out.file) && in.read("ticket", out.ticket) &&
                 in.read("fresh", fresh) && in.read("offset", out.offset) && in.read("most", out.most) &&
                 in.read("digest", out.digest) && in.read("checksum", out.checksum) &&
                 in.read("checkpoint", out.checkpoint) && in.read("acknowledge", out.acknowledge) &&
                 in.read("lease", out.lease) && out.offset <= out.most;
    out.fresh = fresh != 0;
    return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::string BodySend::text() const {
    ControlMessage out(kSend);
    out.add("most", most);
    return std::move(out).take();
}

std::optional<BodySend> BodySend::parse(std::string_view text) {
    Reading in(text);
    BodySend out;
    bool whole = in.word() == kSend && in.read("most", out.most);
    return whole ? std::optional(out) : std::nullopt;
}

BodyReport BodyReport::to(const BodyOrder& order, Stage stage, std::optional<std::int64_t> length) {
    BodyReport out;
    out.stage = stage;
    out.length = length;
    out.file = order.file;
    out.ticket = order.ticket;
    out.size = order.offset;
    out.digest = order.digest;
    return out;
}

BodyReport BodyReport::failure(const BodyOrder& order, const Error& error, std::optional<std::int64_t> length,
                               bool settled) {
    BodyReport out = to(order, Stage::failed, length);
    out.code = error.code();
    out.message = error.what();
    out.retry_after = error.retry_after();
    out.settled = settled;
    return out;
}

std::string BodyReport::text() const {
    ControlMessage out(kStages[static_cast<std::size_t>(stage)]);
    if (length) out.add("length", *length);
    if (stage == Stage::offer) {
        if (waited > 0) out.add("waited", waited);
        return std::move(out).take();
    }
    out.add("file", file);
    out.add("ticket", ticket);
    out.add("size", size);
    out.add("digest", digest);
    out.add("checksum", checksum);
    out.add("settled", settled ? 1 : 0);
    if (stage != Stage::failed) return std::move(out).take();
    out.add("code", code_name(code));
    out.add("message", std::string_view(base64(as_bytes(message))));
    out.add("retry", retry_after);
    return std::move(out).take();
}

std::optional<BodyReport> BodyReport::parse(std::string_view text) {
    Reading in(text);
    BodyReport out;
    auto stage = std::find(kStages.begin(), kStages.end(), in.word());
    if (stage == kStages.end() || !in.read("length", out.length)) return std::nullopt;
    out.stage = static_cast<Stage>(stage - kStages.begin());
    if (out.stage == Stage::offer) {
        std::optional<std::int64_t> waited;
        if (!in.read("waited", waited)) return std::nullopt;
        out.waited = waited.value_or(0);
        return out;
    }
    std::int64_t settled = 0;
    bool whole = in.read("file", out.file) && in.read("ticket", out.ticket) && in.read("size", out.size) &&
                 in.read("digest", out.digest) && in.read("checksum", out.checksum) && in.read("settled", settled);
    out.settled = settled != 0;
    if (!whole || out.stage != Stage::failed) return whole ? std::optional(std::move(out)) : std::nullopt;
    std::string code;
    Bytes message;
    if (!in.read("code", code) || !in.read("message", message) || !in.read("retry", out.retry_after))
        return std::nullopt;
    auto known = code_named(code);
    out.code = known.value_or(Code::internal);
    out.message.assign(message.begin(), message.end());
    return out;
}

}  // namespace bodega::base
