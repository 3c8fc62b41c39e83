// PUT of a file: `curl -T report.pdf …/entries/{id}/files/report.pdf`.
#include "app/tree/put_file.h"
#include "base/encoding.h"
#include "base/error.h"
#include "http/entity_tag.h"
#include "web/api/content_tag.h"
#include "web/api/creation_key.h"
#include "web/api/digest_field.h"
#include "web/api/entry_json.h"
#include "web/api/file_date.h"
#include "web/api/routes.h"
#include "web/api/upload_body.h"
#include "web/call/call.h"
#include "web/call/problem.h"

namespace bodega::web {
namespace {

using base::Code;

// The file's date in seconds. The sync clients of ownCloud and Nextcloud, and rclone, send this field.
constexpr std::string_view kMtime = "X-OC-Mtime";

http::EntityTags tags_of(std::string_view field, const char* name) {
    auto tags = http::parse_entity_tags(field);
    if (!tags) throw base::Error(Code::invalid, std::string("The field ") + name + " holds no entity tags.");
    return *tags;
}

// Returns the contents that the tags name. Compares strongly: weak tags and tags that bodega did not make match
// nothing.
std::vector<store::Sha256> contents_of(const http::EntityTags& tags) {
    std::vector<store::Sha256> out;
    for (const http::EntityTag& tag : tags.tags)
        if (auto sha256 = tag.weak ? std::nullopt : parse_content_tag(tag.opaque)) out.push_back(*sha256);
    return out;
}

app::Precondition expected_of(const Call& call) {
    app::Precondition out;
    if (auto field = http::joined_field(call.fields(), http::Name::if_match)) {
        http::EntityTags tags = tags_of(*field, "If-Match");
        out.present = tags.any;
        if (!tags.any) out.one_of = contents_of(tags);
    }
    if (auto field = http::joined_field(call.fields(), http::Name::if_none_match)) {
        http::EntityTags tags = tags_of(*field, "If-None-Match");
        out.absent = tags.any;
        out.none_of = contents_of(tags);
    }
    return out;
}

std::optional<base::Milliseconds> date_of(const Call& call) {
    auto field = call.header(kMtime);
    return field ? std::optional(parse_date_seconds(kMtime, *field)) : std::nullopt;
}

// Refuses a part of a file, which must not be stored as a complete file (RFC 9110 section 14.5). Also refuses the
// fields of two drafts for resumable uploads, which bodega does not support.
void refuse_part(const Call& call) {
    constexpr std::pair<const char*, std::string_view> kWhole[] = {
        {"Content-Range", ""}, {"Upload-Complete", "?1"}, {"Upload-Incomplete", "?0"}};
    for (const auto& [name, whole] : kWhole) {
        auto field = call.header(name);
        if (!field || (!whole.empty() && field->substr(0, field->find(';')) == whole)) continue;
        throw base::Error(Code::invalid, std::string("A PUT takes a whole file, without the field ") + name +
                                             ". Send parts by tus 1.0.0, to /api/v1/uploads.");
    }
}

app::Digests digests_of(const Call& call) {
    return both_digests(parse_digests("Repr-Digest", call.joined_header("Repr-Digest")),
                        parse_digests("Content-Digest", call.joined_header("Content-Digest")));
}

std::string text_of(const app::Digests& digests) {
    std::string out;
    if (digests.sha256) out.append("sha-256=").append(base::hex(*digests.sha256));
    if (!digests.sha512.empty()) out.append(" sha-512=").append(base::hex(digests.sha512));
    return out;
}

void answer_put(Call& call, const app::CommittedFile& committed) {
    call.respond_text(committed.created ? 201 : 200, "application/json", entry_json(committed.entry));
    call.set_header("ETag", content_etag(*committed.entry.sha256));
    if (call.header(kMtime)) call.set_header(kMtime, "accepted");
    if (committed.created) call.set_header("Location", call.urls().entry(committed.entry.id));
}

// Runs one step of a PUT. Answers a wrong digest with 400, because its usual status, 460, exists only in tus.
template <class Act>
void run_put(Call& call, const Act& act) {
    try {
        act();
    } catch (const base::Error& error) {
        if (error.code() != Code::checksum_mismatch) throw;
        call.respond_text(400, "application/problem+json", problem_document(error, call.origin().request_id, {}, 400));
    }
}

app::PutRequest put_request(Call& call) {
    app::Grant folder = call.reach(call.ulid("id"));
    refuse_part(call);
    const std::string& name = call.parameter("name");
    const app::Digests digests = digests_of(call);
    const auto key = creation_key(call, {"file", folder.entry.id, name, call.body_length(), text_of(digests)});
    return {std::move(folder), name, expected_of(call), call.body_length(), digests, date_of(call), key};
}

void put_file(Call& call) {
    const auto guard = [](Call& step, const base::BodyReport*, const auto& act) { run_put(step, act); };
    run_put(call, [&] {
        app::PutRequest request = put_request(call);
        if (const auto first = app::find_put(call.services(), request)) return answer_put(call, *first);
        const auto session = std::make_shared<app::PutSession>(call.services(), std::move(request));
        receive_body(call, session, answer_put, guard);
    });
}

constexpr Route kRoutes[] = {
    {"PUT",
     "/api/v1/entries/{id}/files/{name}",
     put_file,
     Guard::signed_in,
     Body::stream,
     {.summary = "Create a file in a folder, or replace it as a new version",
      .response = "Entry",
      .status = 201,
      .headers = "Idempotency-Key If-Match If-None-Match"}},
};

}  // namespace

Routes file_routes() { return kRoutes; }

}  // namespace bodega::web
