// A database password that may change while bodega runs. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"

namespace bodega::db {

class Password {
public:
    // Returns the current password from its file or secret store. May throw base::Error.
    using Fetch = std::function<std::string()>;

    Password(std::string text, Fetch fetch) : text_(std::move(text)), fetch_(std::move(fetch)) {}

    // The password of the most recent successful sign-in.
    std::string text() const;
    // Called after the server refused the password `refused`. Returns another password to try, or nullopt if no other
    // is known. Throws what `fetch` throws.
    std::optional<std::string> instead_of(std::string_view refused) const;
    // Records that the server accepted this password.
    void accept(std::string text);

private:
    mutable base::Mutex mutex_;
    std::string text_ GUARDED_BY(mutex_);
    const Fetch fetch_;
};

}  // namespace bodega::db
