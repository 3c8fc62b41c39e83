#include "web/api/openapi.h"

#include <algorithm>
#include <string>

#include "base/version.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

using nlohmann::json;

json reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }

json content(std::string_view type, json schema) { return {{std::string(type), {{"schema", std::move(schema)}}}}; }

json parameter(std::string_view name, std::string_view where) {
    const bool is_number = name == "limit" || name == "n";
    return {{"name", name},
            {"in", where},
            {"required", where == "path"},
            {"schema", {{"type", is_number ? "integer" : "string"}}}};
}

void add_parameters(json& list, std::string_view names, std::string_view where) {
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(' '), names.size());
        list.push_back(parameter(names.substr(0, end), where));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
}

json parameters(const Route& route) {
    json list = json::array();
    std::string_view rest = route.pattern;
    for (std::size_t open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
        const std::size_t close = rest.find('}', open);
        list.push_back(parameter(rest.substr(open + 1, close - open - 1), "path"));
        rest.remove_prefix(close + 1);
    }
    add_parameters(list, route.doc.query, "query");
    add_parameters(list, route.doc.headers, "header");
    return list;
}

json responses(const Route& route) {
    json success = {{"description", "success"}};
    if (!route.doc.response.empty()) success["content"] = content("application/json", reference(route.doc.response));
    return {{std::to_string(route.doc.status), std::move(success)},
            {"default",
             {{"description", "an error"}, {"content", content("application/problem+json", reference("Problem"))}}}};
}

json request_body(const Route& route) {
    if (route.body == Body::stream)
        return {{"content", content("application/octet-stream", {{"type", "string"}, {"format", "binary"}})}};
    return {{"content", content("application/json", reference(route.doc.request))}};
}

json operation(const Route& route) {
    json result = {{"summary", route.doc.summary}, {"responses", responses(route)}};
    if (json list = parameters(route); !list.empty()) result["parameters"] = std::move(list);
    const bool has_body = route.body == Body::stream || !route.doc.request.empty();
    if (has_body) result["requestBody"] = request_body(route);
    if (route.guard == Guard::anonymous) result["security"] = json::array();
    return result;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    return out;
}

constexpr const char* kCookie =
    "bodega_PORT where the address has a port of its own; over https after __Host-, or below a base path after "
    "__Secure-.";

json security_schemes() {
    return {{"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "bodega"}, {"description", kCookie}}},
            {"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
            {"basic", {{"type", "http"}, {"scheme", "basic"}}}};
}

void show_openapi(Call& call) {
    json document = openapi_document(all_routes());
    // A client appends a path, which begins with a slash, to the server's URL. So the URL has no slash at its end.
    const config::PublicUrl& site = call.urls().site();
    const std::string& base = site.base_path();
    if (!site.is_at_root()) document["servers"] = json::array({{{"url", base.substr(0, base.size() - 1)}}});
    call.respond_json(200, document);
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/openapi.json",
     show_openapi,
     Guard::anonymous,
     Body::none,
     {.summary = "This description", .response = "OpenApi"}},
};

}  // namespace

json openapi_document(const std::vector<Route>& routes) {
    json paths = json::object();
    for (const Route& route : routes) paths[std::string(route.pattern)][lower(route.method)] = operation(route);
    json any = json::array();
    for (const char* name : {"cookie", "bearer", "basic"}) any.push_back({{name, json::array()}});
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "bodega"}, {"version", base::version()}}},
            {"security", std::move(any)},
            {"paths", std::move(paths)},
            {"components", {{"schemas", openapi_schemas()}, {"securitySchemes", security_schemes()}}}};
}

Routes openapi_routes() { return kRoutes; }

}  // namespace bodega::web
