#include "db/password.h"

#include "base/log.h"

namespace bodega::db {

std::string Password::text() const {
    const base::MutexLock lock(mutex_);
    return text_;
}

std::optional<std::string> Password::instead_of(std::string_view refused) const {
    if (std::string known = text(); known != refused) return known;
    if (std::string found = fetch_(); found != refused) return found;
    return std::nullopt;
}

void Password::accept(std::string text) {
    const base::MutexLock lock(mutex_);
    if (text == text_) return;
    text_ = std::move(text);
    base::log::info("db", "signed in to the database with its new password");
}

}  // namespace bodega::db
