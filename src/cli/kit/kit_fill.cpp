#include "cli/kit/kit_fill.h"

#include <algorithm>

#include "base/error.h"

namespace bodega::cli {
namespace {

constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

struct Placeholder {
    std::size_t begin = 0, end = 0;  // range in the line, including both '@'
    std::string_view name;
};

// Returns the first placeholder at or after `from`.
std::optional<Placeholder> next_placeholder(std::string_view line, std::size_t from) {
    for (std::size_t at = line.find('@', from); at != line.npos; at = line.find('@', at + 1)) {
        std::size_t end = std::min(line.find_first_not_of(kNameCharacters, at + 1), line.size());
        std::string_view name = line.substr(at + 1, end - at - 1);
        bool named = !name.empty() && kCapitals.find(name.front()) != kCapitals.npos;
        if (named && end < line.size() && line[end] == '@') return Placeholder{at, end + 1, name};
    }
    return std::nullopt;
}

// Returns the name in a line with `mark`: NAME for "    @BEGIN NAME@"; "" for any other line.
std::string_view marked(std::string_view line, std::string_view mark) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.starts_with(mark) || !line.ends_with('@')) return {};
    return line.substr(mark.size(), line.size() - mark.size() - 1);
}

class Filler {
public:
    explicit Filler(const KitLookup& look_up) : look_up_(look_up) {}

    void take(std::string_view line) {
        ++number_;
        if (std::string_view name = marked(line, "@BEGIN "); !name.empty()) return begin(name);
        if (std::string_view name = marked(line, "@END "); !name.empty()) return end(name);
        bool kept = std::all_of(blocks_.begin(), blocks_.end(), [](const Block& block) { return block.kept; });
        if (kept) write(line);
    }

    std::string finish() {
        if (!blocks_.empty()) fail("@BEGIN " + std::string(blocks_.back().name) + "@ has no end");
        return std::move(out_);
    }

private:
    struct Block {
        std::string_view name;
        bool kept = false;
    };

    [[noreturn]] void fail(const std::string& why) const {
        throw base::Error(base::Code::internal, "line " + std::to_string(number_) + ": " + why);
    }

    std::vector<std::string> items(std::string_view name) const {
        auto found = look_up_(name);
        if (!found) fail("there is no placeholder @" + std::string(name) + "@");
        return *std::move(found);
    }

    void begin(std::string_view name) { blocks_.push_back({name, !items(name).empty()}); }

    void end(std::string_view name) {
        if (blocks_.empty() || blocks_.back().name != name) fail("@END " + std::string(name) + "@ ends no block");
        blocks_.pop_back();
    }

    // Writes a line once for each item of its placeholder's list.
    void write(std::string_view line) {
        std::size_t times = 1;
        for (auto at = next_placeholder(line, 0); at; at = next_placeholder(line, at->end)) {
            std::size_t count = items(at->name).size();
            if (count == 0) return;
            if (times > 1 && count > 1) fail("two lists of several items");
            times = std::max(times, count);
        }
        for (std::size_t i = 0; i < times; ++i) write_once(line, i);
    }

    void write_once(std::string_view line, std::size_t index) {
        std::size_t from = 0;
        for (auto at = next_placeholder(line, 0); at; at = next_placeholder(line, at->end)) {
            std::vector<std::string> values = items(at->name);
            out_.append(line.substr(from, at->begin - from)).append(values[std::min(index, values.size() - 1)]);
            from = at->end;
        }
        out_.append(line.substr(from)).append("\n");
    }

    const KitLookup& look_up_;
    std::string out_;
    std::vector<Block> blocks_;
    int number_ = 0;
};

}  // namespace

std::string fill_kit_file(std::string_view text, const KitLookup& look_up) {
    Filler filler(look_up);
    while (!text.empty()) {
        std::size_t end = std::min(text.find('\n'), text.size());
        filler.take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return filler.finish();
}

}  // namespace bodega::cli
