// Writes accounts, sessions, spaces and the audit log as JSON, without hashes and secrets.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/audit.h"
#include "store/auth/session.h"
#include "store/auth/users.h"
#include "store/tree/spaces.h"

namespace bodega::web {

nlohmann::json user_json(const store::User& user);
nlohmann::json person_json(const store::Person& person);
nlohmann::json session_json(const store::Session& session, const std::optional<base::Ulid>& current);
nlohmann::json token_json(const store::Token& token);
nlohmann::json space_json(const store::SpaceView& view);
nlohmann::json member_json(const store::Member& member);
nlohmann::json audit_json(const store::AuditRecord& record);

// Returns the value as JSON, or null if there is no value.
template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}
nlohmann::json id_or_null(const std::optional<base::Ulid>& id);

// Returns {items: [...], next_cursor}. An empty next_cursor becomes null.
template <class Items, class View>
nlohmann::json page_json(const Items& items, const std::string& next_cursor, View view) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& item : items) list.push_back(view(item));
    return {{"items", std::move(list)},
            {"next_cursor", next_cursor.empty() ? nlohmann::json(nullptr) : nlohmann::json(next_cursor)}};
}

}  // namespace bodega::web
