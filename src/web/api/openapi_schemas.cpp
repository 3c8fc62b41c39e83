// The schemas of requests and answers. A row is an object with its fields as "name:type". "?" marks an optional field,
// "|null" a field that may be null, "name[]" a list.
#include <array>
#include <string>
#include <string_view>

#include "web/api/openapi.h"

namespace bodega::web {
namespace {

using nlohmann::json;

struct Schema {
    std::string_view name;
    std::string_view fields;
};

constexpr std::array kSchemas = {
    Schema{"Problem", "type:string title:string status:integer detail:string code:string request_id:string"},
    Schema{"OpenApi", ""},
    Schema{"SetupState", "needed:boolean"},
    Schema{"Setup", "token:string username:string password:string"},
    Schema{"SignIn", "username:string password:string"},
    Schema{"SignedIn", "user:User session:Session"},
    Schema{"Server", "version:string max_file:integer password_min_length:integer trash_keep:integer"},
    Schema{"WhoAmI", "user:User session:Session|null server:Server"},
    Schema{"PasswordChange", "current_password:string new_password:string ?end_tokens:boolean"},
    Schema{"User",
           "id:string username:string role:string disabled:boolean quota_bytes:integer|null used_bytes:integer "
           "created_at:integer last_seen_at:integer|null"},
    Schema{"Ended", "sessions:integer tokens:integer"},
    Schema{"ChangedUser",
           "id:string username:string role:string disabled:boolean quota_bytes:integer|null used_bytes:integer "
           "created_at:integer last_seen_at:integer|null ended:Ended"},
    Schema{"UserPage", "items:User[] next_cursor:string|null"},
    Schema{"NewUser", "username:string password:string ?role:string ?quota_bytes:integer|null"},
    Schema{"UserChange", "?role:string ?quota_bytes:integer|null ?disabled:boolean ?password:string"},
    Schema{"Person", "id:string username:string"},
    Schema{"PersonList", "items:Person[] next_cursor:string|null"},
    Schema{"Session",
           "id:string created_at:integer last_seen_at:integer expires_at:integer user_agent:string address:string "
           "current:boolean"},
    Schema{"SessionList", "items:Session[] next_cursor:string|null"},
    Schema{"Token",
           "id:string name:string scope:string created_at:integer last_used_at:integer|null expires_at:integer|null"},
    Schema{"TokenList", "items:Token[] next_cursor:string|null"},
    Schema{"NewToken", "name:string ?scope:string ?expires_at:integer|null"},
    Schema{"TokenWithSecret",
           "id:string name:string scope:string created_at:integer last_used_at:integer|null expires_at:integer|null "
           "token:string"},
    Schema{"Space",
           "id:string name:string kind:string root_id:string role:string|null used_bytes:integer "
           "quota_bytes:integer|null created_at:integer"},
    Schema{"SpaceList", "items:Space[] next_cursor:string|null"},
    Schema{"NewSpace", "name:string ?quota_bytes:integer|null"},
    Schema{"SpaceChange", "?name:string ?quota_bytes:integer|null"},
    Schema{"Member", "user_id:string username:string role:string"},
    Schema{"MemberList", "items:Member[] next_cursor:string|null"},
    Schema{"MemberRole", "role:string"},
    Schema{"Step", "id:string name:string"},
    Schema{"Entry",
           "id:string parent_id:string|null space_id:string kind:string name:string size:integer mime:string|null "
           "sha256:string|null version:integer created_at:integer modified_at:integer modified_by:string|null "
           "uploaded_at:integer|null"},
    Schema{"EntryDetails",
           "id:string parent_id:string|null space_id:string kind:string name:string size:integer mime:string|null "
           "sha256:string|null version:integer created_at:integer modified_at:integer modified_by:string|null "
           "uploaded_at:integer|null path:Step[] role:string children_count:integer|null"},
    Schema{"Listing", "items:Entry[] next_cursor:string|null total:integer"},
    Schema{"NewFolder", "name:string"},
    Schema{"EntryChange", "?name:string ?parent_id:string ?modified_at:integer"},
    Schema{"NewCopy", "parent_id:string ?name:string"},
    Schema{"Restore", "?parent_id:string|null ?name:string|null"},
    Schema{"TrashedEntry",
           "id:string parent_id:string|null space_id:string kind:string name:string size:integer mime:string|null "
           "sha256:string|null version:integer created_at:integer modified_at:integer modified_by:string|null "
           "uploaded_at:integer|null trashed_at:integer trashed_by:string|null original_path:string|null"},
    Schema{"TrashPage", "items:TrashedEntry[] next_cursor:string|null"},
    Schema{"Batch",
           "act:string ?ids:string[] ?folder_id:string ?except:string[] ?job_id:string ?failed:boolean "
           "?parent_id:string ?on_conflict:string ?key:string"},
    Schema{"Job",
           "id:string act:string state:string folder_id:string|null job_id:string|null parent_id:string|null "
           "total:integer done:integer failed:integer created_at:integer ended_at:integer|null"},
    Schema{"JobPage", "items:Job[] next_cursor:string|null"},
    Schema{"JobItem", "id:string name:string|null state:string code:string|null result_id:string|null"},
    Schema{"JobWithItems",
           "id:string act:string state:string folder_id:string|null job_id:string|null parent_id:string|null "
           "total:integer done:integer failed:integer created_at:integer ended_at:integer|null items:JobItem[] "
           "next_cursor:string|null"},
    Schema{"FoundEntry",
           "id:string parent_id:string|null space_id:string kind:string name:string size:integer mime:string|null "
           "sha256:string|null version:integer created_at:integer modified_at:integer modified_by:string|null "
           "uploaded_at:integer|null path:Step[]"},
    Schema{"SearchPage", "items:FoundEntry[] next_cursor:string|null"},
    Schema{"Version",
           "version:integer size:integer sha256:string created_at:integer modified_at:integer created_by:string|null"},
    Schema{"VersionList", "items:Version[] next_cursor:string|null"},
    Schema{"Upload",
           "id:string parent_id:string filename:string size:integer|null offset:integer whole:boolean "
           "created_at:integer expires_at:integer"},
    Schema{"UploadFinish", "on_conflict:string"},
    Schema{"UploadList", "items:Upload[] next_cursor:string|null"},
    Schema{"AuditRecord",
           "id:string at:integer user:string|null action:string target:string target_id:string|null address:string "
           "detail:object"},
    Schema{"AuditPage", "items:AuditRecord[] next_cursor:string|null"},
    Schema{"Node",
           "id:string name:string version:string address:string state:string asked:string|null started_at:integer "
           "seen_at:integer stats:object|null drain_asked_at:integer|null"},
    Schema{"NodeDrain", "name:string asked_at:integer"},
    Schema{"Lease", "name:string owner:string node:string|null fence:integer expires_at:integer"},
    Schema{"FleetUploads", "open:integer active:integer received_bytes:integer length_bytes:integer"},
    Schema{"FleetStorage", "used_bytes:integer|null free_bytes:integer|null total_bytes:integer|null"},
    Schema{"Fleet",
           "items:Node[] next_cursor:string|null now:integer drains:NodeDrain[] leases:Lease[] uploads:FleetUploads "
           "storage:FleetStorage"},
};

bool is_plain(std::string_view type) {
    return type == "string" || type == "integer" || type == "boolean" || type == "object";
}

json single_type(std::string_view type) {
    if (is_plain(type)) return {{"type", type}};
    return {{"$ref", "#/components/schemas/" + std::string(type)}};
}

json field_type(std::string_view type) {
    if (type.ends_with("[]")) return {{"type", "array"}, {"items", single_type(type.substr(0, type.size() - 2))}};
    if (!type.ends_with("|null")) return single_type(type);
    type.remove_suffix(5);
    if (is_plain(type)) return {{"type", {type, "null"}}};
    return {{"anyOf", {single_type(type), {{"type", "null"}}}}};
}

json object_schema(std::string_view fields) {
    json properties = json::object();
    json required = json::array();
    while (!fields.empty()) {
        std::string_view field = fields.substr(0, fields.find(' '));
        fields.remove_prefix(std::min(field.size() + 1, fields.size()));
        const bool optional = field.starts_with('?');
        if (optional) field.remove_prefix(1);
        const std::size_t colon = field.find(':');
        std::string name(field.substr(0, colon));
        properties[name] = field_type(field.substr(colon + 1));
        if (!optional) required.push_back(name);
    }
    json schema = {{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

}  // namespace

json openapi_schemas() {
    json schemas = json::object();
    for (const Schema& schema : kSchemas) schemas[std::string(schema.name)] = object_schema(schema.fields);
    return schemas;
}

}  // namespace bodega::web
