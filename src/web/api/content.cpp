// The bytes of files: GET and HEAD, of the current content and of former versions.
#include "app/tree/content.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/ulid.h"
#include "blobs/store.h"
#include "http/content_disposition.h"
#include "http/media_type.h"
#include "http/multipart.h"
#include "http/range.h"
#include "web/api/content_tag.h"
#include "web/api/parts_source.h"
#include "web/api/routes.h"
#include "web/api/safe_types.h"
#include "web/api/shown_entry.h"
#include "web/call/call.h"
#include "web/call/problem.h"

namespace bodega::web {
namespace {

using base::Code;

// Sets the Content-Type, and the headers that keep a browser from running the file.
std::string set_kind(Call& call, const app::Representation& what) {
    auto asked = call.query("disposition").value_or("attachment");
    if (asked != "attachment" && asked != "inline")
        throw base::Error(Code::invalid, "The query parameter \"disposition\" must be attachment or inline.");
    auto shown = asked == "inline" ? inline_type(what.content.mime) : std::nullopt;
    std::string type = shown.value_or(download_type(what.content.mime));
    call.set_header(
        "Content-Disposition",
        http::content_disposition(shown ? http::Disposition::inline_ : http::Disposition::attachment, what.name));
    call.set_header("Content-Security-Policy", std::string(content_policy(type)));
    call.set_header("X-Content-Type-Options", "nosniff");
    return type;
}

// Whether a browser shows the answer as a page or a frame. Such an answer must not be stored, since the browser's
// history would show the file after a sign-out. Over plain HTTP, browsers do not send Sec-Fetch-Dest; a request without
// this field counts as one for a page if it accepts HTML.
bool is_shown_as_page(const Call& call) {
    static constexpr std::array<std::string_view, 5> kPages{"document", "iframe", "frame", "object", "embed"};
    if (const auto purpose = call.header("Sec-Fetch-Dest"))
        return std::find(kPages.begin(), kPages.end(), *purpose) != kPages.end();
    return http::accepts_by_name(call.fields(), "text/html");
}

void set_validators(Call& call, const app::Representation& what, const std::string& etag) {
    call.set_header("ETag", etag);
    call.set_header("Last-Modified", base::http_date(what.modified_at));
    call.set_header("Cache-Control", is_shown_as_page(call) ? "no-store" : "private, no-cache");
    call.set_header("Accept-Ranges", "bytes");
}

void answer_unsatisfiable(Call& call, std::int64_t size) {
    base::Error error(Code::range_not_satisfiable,
                      "The file has " + std::to_string(size) + " bytes; the range is beyond.");
    call.respond_text(status_of(error.code()), "application/problem+json",
                      problem_document(error, call.origin().request_id));
    call.set_header("Content-Range", "bytes */" + std::to_string(size));
}

// Throws Error{io} if the file's size differs from the size in the catalog, since the file's bytes then do not match
// the entity tag. size: the file's size in bytes, or -1 if the file is missing.
void require_size(Call& call, const store::Content& content, std::int64_t size) {
    if (size == content.size) return;
    ++call.context().damaged_files;
    base::log::error("web",
                     "a blob is damaged: it is missing or has another size than the catalog says; run bodega fsck",
                     {{"request_id", call.origin().request_id},
                      {"blob", blobs::Store::relative_path(content.blob_id)},
                      {"size", size},
                      {"catalog_size", content.size}});
    throw base::Error(Code::io, "The file's content is not available right now.", 5);
}

// Returns std::nullopt if the file is missing.
std::optional<blobs::Reader> open_content(Call& call, const store::Content& content) {
    try {
        return call.services().blobs.open(content.blob_id);
    } catch (const base::Error& error) {
        if (error.code() != Code::not_found) throw;
        return std::nullopt;
    }
}

// Returns the part of the content that the request asks for. Range applies to GET only.
http::RangeSelection selection_of(const Call& call, const store::Content& content, std::string_view etag) {
    const auto range = http::only_field(call.fields(), http::Name::range);
    const auto if_range = http::only_field(call.fields(), http::Name::if_range);
    if (!range || call.method() != "GET") return {};
    // Ignores a date in If-Range. A file's owner can set the date, so it is no strong validator (RFC 9110 section
    // 8.8.2.2): a client might join parts of two contents that have the same date.
    if (if_range && !http::if_range_holds(*if_range, etag, {})) return {};
    return http::select_ranges(*range, static_cast<std::uint64_t>(content.size));
}

void answer_parts(Call& call, blobs::Reader reader, const store::Content& content, const std::string& type,
                  const std::vector<http::ByteRange>& parts) {
    const auto size = static_cast<std::uint64_t>(content.size);
    // A shared_ptr, because httplib keeps two copies of the lambda below, and both use the source.
    auto source = std::make_shared<PartsSource>(std::move(reader));
    std::string answer_type = type;
    if (parts.size() == 1) {
        call.set_header("Content-Range", http::content_range(parts.front(), size));
        source->add(parts.front());
    } else {
        const http::Multipart frame("bodega-" + base::Ulid::make().text(), type, size);
        answer_type = frame.content_type();
        for (const http::ByteRange& part : parts) source->add(frame.before(part)), source->add(part);
        source->add(frame.after_all());
    }
    call.respond_source(206, answer_type, source->length(),
                        [source](std::int64_t offset, std::span<char> buffer) { return source->read(offset, buffer); });
}

// Sends the bytes through the app, if no edge in front can send files.
void answer_bytes(Call& call, const store::Content& content, const std::string& type, std::string_view etag) {
    const http::RangeSelection selection = selection_of(call, content, etag);
    if (selection.kind == http::RangeSelection::Kind::unsatisfiable) return answer_unsatisfiable(call, content.size);
    std::optional<blobs::Reader> opened = open_content(call, content);
    require_size(call, content, opened ? opened->size() : -1);
    if (selection.kind == http::RangeSelection::Kind::parts)
        return answer_parts(call, std::move(*opened), content, type, selection.parts);
    auto source = std::make_shared<PartsSource>(std::move(*opened));
    if (content.size > 0) source->add(http::ByteRange{0, static_cast<std::uint64_t>(content.size) - 1});
    call.respond_source(200, type, source->length(),
                        [source](std::int64_t offset, std::span<char> buffer) { return source->read(offset, buffer); });
}

void answer(Call& call, const app::Representation& what) {
    std::string etag = content_etag(what.content.sha256);
    const http::Precondition precondition =
        http::check_read(http::conditions_of(call.fields()), {etag, what.modified_at});
    if (precondition == http::Precondition::failed)
        throw base::Error(Code::precondition_failed, "The file is not the one that you expected.");
    set_validators(call, what, etag);
    if (precondition == http::Precondition::not_modified) return call.respond(304);
    std::string type = set_kind(call, what);
    if (!call.peer_serves_blobs()) return answer_bytes(call, what.content, type, etag);
    // A proxy that does not compare X-Accel-Size would send a file of a wrong size too, so the size is checked here.
    if (!call.peer_checks_sizes())
        require_size(call, what.content, call.services().blobs.size_of(what.content.blob_id));
    call.respond(200);
    call.set_header("Content-Type", type);
    call.set_header("X-Accel-Size", std::to_string(what.content.size));
    call.set_header("X-Accel-Redirect", "/_blobs/" + blobs::Store::relative_path(what.content.blob_id));
}

void show_content(Call& call) { answer(call, app::content_of(shown_entry(call))); }

void show_version_content(Call& call) {
    std::int64_t number = call.integer("n");
    app::Grant grant = call.reach(call.ulid("id"));
    answer(call, app::content_of_version(call.services(), grant, number));
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/entries/{id}/content",
     show_content,
     Guard::signed_in,
     Body::none,
     {.summary = "A file's bytes; ranges and conditions", .query = "disposition trashed"}},
    {"GET",
     "/api/v1/entries/{id}/versions/{n}/content",
     show_version_content,
     Guard::signed_in,
     Body::none,
     {.summary = "A former version's bytes", .query = "disposition"}},
};

}  // namespace

Routes content_routes() { return kRoutes; }

}  // namespace bodega::web
