#include "support/message_reader.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "http/syntax.h"

namespace bodega::test {
namespace {

std::string lower(std::string_view text) {
    std::string out;
    for (char c : text) out += http::lower(c);
    return out;
}

class Reader {
public:
    Reader(std::string_view bytes, const Manners& manners) : bytes_(bytes), manners_(manners) {}

    // Removes one message from the front; nullopt if there is no complete one.
    std::optional<Message> next() {
        std::string_view before = bytes_;
        if (auto message = read()) return message;
        bytes_ = before;
        return std::nullopt;
    }
    std::string_view rest() const { return bytes_; }

private:
    std::optional<Message> read() {
        auto first = line();
        if (!first) return std::nullopt;
        std::size_t space = first->find(' ');
        std::size_t end = first->rfind(' ');
        if (space == std::string::npos || end == space) return std::nullopt;
        Message message{first->substr(0, space), first->substr(space + 1, end - space - 1), ""};
        length_.clear();
        coding_.clear();
        named_.clear();
        if (!fields() || !body(message.body)) return std::nullopt;
        return message;
    }

    std::optional<std::string> line() {
        std::size_t end = bytes_.find(manners_.bare_lf ? "\n" : "\r\n");
        if (end == std::string_view::npos) return std::nullopt;
        std::string out(bytes_.substr(0, end));
        bytes_.remove_prefix(end + (manners_.bare_lf ? 1 : 2));
        if (manners_.bare_lf && out.ends_with('\r')) out.pop_back();
        return out;
    }

    bool fields() {
        std::vector<std::string> lines;
        for (;;) {
            auto next = line();
            if (!next) return false;
            if (next->empty()) break;
            bool folded = next->front() == ' ' || next->front() == '\t';
            if (manners_.folds && folded && !lines.empty()) lines.back() += *next;
            else lines.push_back(*next);
        }
        for (const std::string& text : lines) field(text);
        return true;
    }

    void field(std::string_view text) {
        std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) return;
        std::string name = lower(text.substr(0, colon));
        if (manners_.trims_names) name = http::trim(name);
        if (manners_.underscores) std::replace(name.begin(), name.end(), '_', '-');
        std::string value(http::trim(text.substr(colon + 1)));
        if (name == "connection") named_ += "," + lower(value);
        if (name == "content-length" && (length_.empty() || manners_.last_wins)) length_ = value;
        if (name == "transfer-encoding" && (coding_.empty() || manners_.last_wins)) coding_ = lower(value);
    }

    bool ignored(std::string_view name) const {
        return manners_.ignores_names && named_.find(name) != std::string::npos;
    }

    bool body(std::string& out) {
        bool chunked = manners_.any_coding ? coding_.find("chunked") != std::string::npos : coding_ == "chunked";
        if (ignored("transfer-encoding")) chunked = false;
        bool has_length = !length_.empty() && !ignored("content-length");
        if (chunked && !(has_length && manners_.length_first)) return chunks(out);
        std::size_t count = has_length ? std::strtoull(length_.c_str(), nullptr, 10) : 0;
        if (count > bytes_.size()) return false;
        out = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return true;
    }

    bool chunks(std::string& out) {
        for (;;) {
            auto size_line = line();
            if (!size_line) return false;
            std::size_t size = std::strtoull(size_line->c_str(), nullptr, 16);
            if (size == 0) break;
            if (size > bytes_.size()) return false;
            out += bytes_.substr(0, size);
            bytes_.remove_prefix(size);
            if (!line()) return false;
        }
        for (auto trailer = line(); trailer; trailer = line())
            if (trailer->empty()) return true;
        return false;
    }

    std::string_view bytes_;
    const Manners& manners_;
    std::string length_;
    std::string coding_;
    std::string named_;  // by Connection
};

}  // namespace

std::vector<Manners> all_manners() {
    std::vector<Manners> out;
    for (unsigned bits = 0; bits < 256; ++bits) {
        auto has = [bits](unsigned bit) { return (bits >> bit & 1U) != 0; };
        out.push_back({has(0), has(1), has(2), has(3), has(4), has(5), has(6), has(7)});
    }
    return out;
}

Reading read_messages(std::string_view bytes, const Manners& manners) {
    Reading out;
    Reader reader(bytes, manners);
    while (auto message = reader.next()) out.messages.push_back(std::move(*message));
    out.rest = reader.rest();
    return out;
}

}  // namespace bodega::test
