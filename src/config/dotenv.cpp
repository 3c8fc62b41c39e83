#include "config/dotenv.h"

#include <algorithm>

#include "base/error.h"

namespace bodega::config {
namespace {

constexpr std::string_view kBlanks = " \t\r";

class Reader {
public:
    Reader(std::string_view text, const std::string& path) : rest_(text), path_(path) {}

    Variables read() {
        Variables variables;
        while (skip_to_line()) {
            std::string name = take_name();
            variables[name] = take_value();
            end_line();
        }
        return variables;
    }

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw base::Error(base::Code::config_invalid, path_ + ":" + std::to_string(line_) + ": " + why);
    }

    char peek() const { return rest_.empty() ? '\n' : rest_.front(); }

    char take() {
        char c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '\n') ++line_;
        return c;
    }

    void skip(std::string_view set) {
        while (!rest_.empty() && set.find(rest_.front()) != std::string_view::npos) take();
    }

    void skip_comment() {
        while (!rest_.empty() && peek() != '\n') take();
    }

    // Skips to the next line that holds a variable. Returns false at the end.
    bool skip_to_line() {
        for (skip(" \t\r\n"); peek() == '#'; skip(" \t\r\n")) skip_comment();
        return !rest_.empty();
    }

    std::string take_word() {
        auto in_name = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        };
        auto end = std::find_if_not(rest_.begin(), rest_.end(), in_name);
        std::string word(rest_.begin(), end);
        rest_.remove_prefix(word.size());
        return word;
    }

    std::string take_name() {
        std::string name = take_word();
        skip(kBlanks);
        if (name == "export" && peek() != '=') {
            name = take_word();
            skip(kBlanks);
        }
        if (name.empty() || peek() != '=') refuse("this line is not KEY=value");
        take();
        return name;
    }

    std::string take_value() {
        skip(kBlanks);
        if (peek() == '\'' || peek() == '"') return take_quoted();
        std::string value;
        while (peek() != '\n' && !(peek() == '#' && (value.empty() || kBlanks.find(value.back()) != kBlanks.npos))) {
            value += take();
        }
        value.erase(value.find_last_not_of(kBlanks) + 1);
        return value;
    }

    std::string take_quoted() {
        int first_line = line_;
        char quote = take();
        std::string value;
        while (!rest_.empty() && rest_.front() != quote) {
            char c = take();
            value += c == '\\' && quote == '"' && !rest_.empty() ? unescape(take()) : std::string(1, c);
        }
        if (rest_.empty()) {
            line_ = first_line;
            refuse("the value's closing quote is missing");
        }
        take();
        return value;
    }

    static std::string unescape(char c) {
        switch (c) {
            case 'n': return "\n";
            case 't': return "\t";
            case 'r': return "\r";
            case '"':
            case '\\':
            case '$': return std::string(1, c);
            default: return std::string("\\") + c;
        }
    }

    void end_line() {
        skip(kBlanks);
        if (peek() == '#') skip_comment();
        if (peek() != '\n') refuse("there is text after the closing quote");
    }

    std::string_view rest_;
    const std::string& path_;
    int line_ = 1;
};

}  // namespace

Variables parse_dotenv(std::string_view text, const std::string& path) { return Reader(text, path).read(); }

}  // namespace bodega::config
