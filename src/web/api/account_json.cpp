#include "web/api/account_json.h"

namespace bodega::web {

using nlohmann::json;

json id_or_null(const std::optional<base::Ulid>& id) { return id ? json(id->text()) : json(nullptr); }

json user_json(const store::User& user) {
    return {{"id", user.id.text()},
            {"username", user.username},
            {"role", store::role_name(user.role)},
            {"disabled", user.disabled},
            {"quota_bytes", or_null(user.quota_bytes)},
            {"used_bytes", user.used_bytes},
            {"created_at", user.created_at},
            {"last_seen_at", or_null(user.last_seen_at)}};
}

json person_json(const store::Person& person) { return {{"id", person.id.text()}, {"username", person.username}}; }

json session_json(const store::Session& session, const std::optional<base::Ulid>& current) {
    return {
        {"id", session.id.text()},          {"created_at", session.created_at}, {"last_seen_at", session.last_seen_at},
        {"expires_at", session.expires_at}, {"user_agent", session.user_agent}, {"address", session.address},
        {"current", session.id == current}};
}

json token_json(const store::Token& token) {
    return {{"id", token.id.text()},
            {"name", token.name},
            {"scope", store::token_scope_name(token.scope)},
            {"created_at", token.created_at},
            {"last_used_at", or_null(token.last_used_at)},
            {"expires_at", or_null(token.expires_at)}};
}

json space_json(const store::SpaceView& view) {
    return {{"id", view.space.id.text()},
            {"name", view.space.name},
            {"kind", store::space_kind_name(view.space.kind)},
            {"root_id", view.space.root_id.text()},
            {"role", view.role ? json(store::space_role_name(*view.role)) : json(nullptr)},
            {"used_bytes", view.space.used_bytes},
            {"quota_bytes", or_null(view.space.quota_bytes)},
            {"created_at", view.space.created_at}};
}

json member_json(const store::Member& member) {
    return {{"user_id", member.user_id.text()},
            {"username", member.username},
            {"role", store::space_role_name(member.role)}};
}

json audit_json(const store::AuditRecord& record) {
    json detail = json::parse(record.detail, nullptr, false);
    return {{"id", record.id.text()},
            {"at", record.at},
            {"user", record.username.empty() ? json(nullptr) : json(record.username)},
            {"action", record.action},
            {"target", record.target},
            {"target_id", id_or_null(record.target_id)},
            {"address", record.address},
            {"detail", detail.is_object() ? std::move(detail) : json::object()}};
}

}  // namespace bodega::web
