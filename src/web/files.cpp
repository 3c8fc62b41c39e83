// PUT of a file: `curl -T report.pdf …/entries/{id}/files/report.pdf`.
#include "app/put_file.h"
#include "base/error.h"
#include "web/call.h"
#include "web/entry_json.h"
#include "web/etag.h"
#include "web/routes.h"
#include "web/upload_body.h"

namespace bodega::web {
namespace {

using base::Code;

EntityTags tags_of(std::string_view field, const char* name) {
    auto tags = parse_entity_tags(field);
    if (!tags) throw base::Error(Code::invalid, std::string("the field ") + name + " holds no entity tags");
    return *tags;
}

// The tags that name a content, compared strongly: a weak one and another's match nothing.
std::vector<store::Sha256> contents_of(const EntityTags& tags) {
    std::vector<store::Sha256> out;
    for (const EntityTag& tag : tags.tags)
        if (auto sha256 = tag.weak ? std::nullopt : parse_content_tag(tag.opaque)) out.push_back(*sha256);
    return out;
}

app::Expected expected_of(const Call& call) {
    app::Expected out;
    if (auto field = call.header("If-Match")) {
        EntityTags tags = tags_of(*field, "If-Match");
        out.present = tags.any;
        if (!tags.any) out.one_of = contents_of(tags);
    }
    if (auto field = call.header("If-None-Match")) {
        EntityTags tags = tags_of(*field, "If-None-Match");
        out.absent = tags.any;
        out.none_of = contents_of(tags);
    }
    return out;
}

// Nothing: it was the edge that was answered.
std::optional<app::Placed> receive(Call& call, const app::PutRequest& request) {
    const auto& report = call.body_report();
    if (!report) return app::put_file(call.services(), request, body_source(call.body()));
    switch (report->stage) {
        case base::BodyReport::Stage::complete: return app::end_put(call.services(), request, *report);
        case base::BodyReport::Stage::offer:
            call.respond_to_edge(app::begin_put(call.services(), request).text());
            return std::nullopt;
        default:
            app::interrupt_put(call.services(), request, *report);
            call.respond_to_edge(base::kBodyNoted);
            return std::nullopt;
    }
}

void put_file(Call& call) {
    app::Grant folder = call.reach(call.ulid("id"));
    app::PutRequest request{folder, call.parameter("name"), expected_of(call), call.body_length()};
    // RFC 9110 section 14.5: a part is not to be taken for the whole.
    if (call.header("Content-Range"))
        throw base::Error(Code::invalid, "a PUT takes a whole file, without Content-Range");
    std::optional<app::Placed> placed = receive(call, request);
    if (!placed) return;
    call.respond_text(placed->created ? 201 : 200, "application/json", entry_json(placed->entry));
    call.set_header("ETag", content_etag(*placed->entry.sha256));
    if (placed->created) call.set_header("Location", "/api/v1/entries/" + placed->entry.id.text());
}

constexpr Route kRoutes[] = {
    {"PUT",
     "/api/v1/entries/{id}/files/{name}",
     put_file,
     Guard::signed_in,
     Body::stream,
     {.summary = "Create a file in a folder, or replace it as a new version", .response = "Entry", .status = 201}},
};

}  // namespace

Routes file_routes() { return kRoutes; }

}  // namespace bodega::web
