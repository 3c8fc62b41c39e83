// A database's password that may be changed while bodega runs. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bodega::db {

class Password {
public:
    // What it is now, as its file or a keeper of secrets has it. May throw base::Error.
    using Look = std::function<std::string()>;

    Password(std::string text, Look look) : text_(std::move(text)), look_(std::move(look)) {}

    // The one that let somebody in last.
    std::string text() const;
    // For whom the server refused `refused`: another one to try; nullopt: there is none. Throws what looking throws.
    std::optional<std::string> instead_of(std::string_view refused) const;
    // The server took it.
    void accept(std::string text);

private:
    mutable std::mutex mutex_;
    std::string text_;
    const Look look_;
};

}  // namespace bodega::db
