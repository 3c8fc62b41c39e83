// Resumable uploads (tus 1.0.0), and the list of the caller's open uploads.
#include "app/uploads/uploads.h"

#include <nlohmann/json.hpp>

#include "app/tree/name_taken.h"
#include "app/tree/refusal.h"
#include "app/uploads/offset_mismatch.h"
#include "app/uploads/upload_finish.h"
#include "app/uploads/upload_part.h"
#include "base/error.h"
#include "blobs/checksum.h"
#include "http/media_type.h"
#include "web/api/creation_key.h"
#include "web/api/entry_json.h"
#include "web/api/idempotency_key.h"
#include "web/api/routes.h"
#include "web/api/tus_fields.h"
#include "web/api/upload_body.h"
#include "web/call/call.h"
#include "web/call/problem.h"

namespace bodega::web {
namespace {

using base::Code;

bool has_bytes(Call& call) { return call.body_length() != 0; }

void require_version(Call& call) {
    if (call.header("Tus-Resumable") != kTusVersion)
        throw base::Error(Code::unsupported_version, "Send Tus-Resumable: 1.0.0, the supported version.");
}

void require_media_type(Call& call) {
    if (!http::is_media_type(call.header("Content-Type").value_or(""), kTusMediaType))
        throw base::Error(Code::unsupported_media,
                          "Send the bytes with Content-Type: " + std::string(kTusMediaType) + ".");
}

ProblemMembers members_of(const base::Error& error) {
    const auto* taken = dynamic_cast<const app::NameTaken*>(&error);
    if (!taken) return {};
    return {{"existing_id", taken->existing_id().text()}};
}

// Runs one step of a tus call, so that its answers and its errors have the protocol version. Rethrows two kinds of
// errors to the dispatcher: a 401 needs header fields of the dispatcher, and a 5xx has to be logged there.
template <class Act>
void run_tus(Call& call, const Act& act) {
    try {
        act();
    } catch (const base::Error& error) {
        int status = status_of(error.code());
        if (status == 401 || status >= 500) throw;
        call.respond_text(status, "application/problem+json",
                          problem_document(error, call.origin().request_id, members_of(error)));
        if (const auto* mismatch = dynamic_cast<const app::OffsetMismatch*>(&error))
            call.set_header("Upload-Offset", std::to_string(mismatch->offset()));
        if (error.retry_after() > 0) call.set_header("Retry-After", std::to_string(error.retry_after()));
        if (error.code() == Code::unsupported_version) call.set_header("Tus-Version", std::string(kTusVersion));
    }
    call.set_header("Tus-Resumable", std::string(kTusVersion));
    call.set_header("Cache-Control", "no-store");
}

template <void (*Handler)(Call&)>
void tus(Call& call) {
    // Authenticates the caller before any other check can refuse the call.
    call.actor();
    run_tus(call, [&] {
        require_version(call);
        Handler(call);
    });
}

void set_progress(Call& call, const app::Progress& progress) {
    call.set_header("Upload-Offset", std::to_string(progress.offset));
    if (progress.entry_id) call.set_header("Bodega-Entry-Id", progress.entry_id->text());
    if (progress.expires_at > 0) call.set_header("Upload-Expires", base::http_date(progress.expires_at));
}

void show_protocol(Call& call) {
    call.respond(204);
    call.set_header("Tus-Resumable", std::string(kTusVersion));
    call.set_header("Tus-Version", std::string(kTusVersion));
    call.set_header("Tus-Extension", std::string(kTusExtensions));
    call.set_header("Tus-Checksum-Algorithm", std::string(blobs::Checksum::kAlgorithms));
    call.set_header("Tus-Max-Size", std::to_string(call.config().files.max_file));
}

app::Part announced_part(Call& call) {
    app::Part part;
    part.length = call.body_length();
    if (auto checksum = call.header("Upload-Checksum")) part.checksum = parse_tus_checksum(*checksum);
    return part;
}

// Begins the part's session. If another request still writes the upload, the edge of this process is told to send this
// request again later, and std::nullopt is returned; for any other client, this thread waits.
std::optional<app::Begun> begin(Call& call, const app::Part& part) {
    if (!call.can_wait()) return app::await_part(call.services(), call.actor(), part);
    app::Begun begun = app::begin_part(call.services(), call.actor(), part);
    const auto* later = std::get_if<app::Later>(&begun);
    if (!later) return begun;
    if (std::chrono::milliseconds(call.waited()) >= app::kMaxWait) throw base::Error(later->why);
    call.reply_to_edge(base::WaitWithBody{});
    return std::nullopt;
}

// Receives a part. answer and guard: see receive_body().
template <class Answer, class Guarded>
void receive(Call& call, const app::Part& part, Answer answer, Guarded guard) {
    const auto begun = begin(call, part);
    if (!begun) return;
    if (const auto* ended = std::get_if<app::Progress>(&*begun)) return answer(call, *ended);
    receive_body(call, std::get<std::shared_ptr<app::PartSession>>(*begun), answer, guard);
}

// Refuses a POST whose fields ask for something other than a new upload: a part of a concatenation, or a different
// method.
void refuse_other_creation(const Call& call) {
    if (call.header("Upload-Concat"))
        throw base::Error(Code::invalid,
                          "Parts of one file can't be uploaded side by side: concatenation is not supported. Send "
                          "the file as one upload, without Upload-Concat.");
    auto method = call.header("X-HTTP-Method-Override");
    if (method && *method != "POST")
        throw base::Error(Code::invalid, "X-HTTP-Method-Override is only for the URL of an upload.");
}

app::Progress progress_of(const store::Upload& upload) {
    return {upload.received, upload.length, upload.expires_at, upload.entry_id};
}

void answer_created(Call& call, const base::Ulid& id, const app::Progress& progress) {
    call.respond(201);
    call.set_header("Location", call.urls().upload(id));
    set_progress(call, progress);
}

// Called when an upload was created and its first bytes failed. Deletes the upload, since a client without a Location
// can't continue it. If the client sent an Idempotency-Key, keeps the upload: the client gets the Location with the
// error, or when it sends the key again.
void give_up_created(Call& call, const base::Ulid& id) {
    if (call.header(kIdempotencyKey)) return call.set_header("Location", call.urls().upload(id));
    app::discard("upload", [&] { app::end_upload(call.services(), call.actor(), id); });
}

// True if the edge will send this progress report again, so that the upload must be kept.
bool is_repeated(const base::BodyReport* report, const base::Error& error) {
    return report && report->is_progress() && error.code() == Code::unavailable;
}

// Runs one step of a request that creates an upload and brings its first bytes. report: null for the first step.
template <class Act>
void run_creation(Call& call, const base::Ulid& id, const base::BodyReport* report, const Act& act) {
    try {
        act();
        if (report && report->stage == base::BodyReport::Stage::broken) give_up_created(call, id);
    } catch (const base::Error& error) {
        if (!is_repeated(report, error)) give_up_created(call, id);
        throw;
    }
}

// Receives the bytes that come with the creation.
void receive_first(Call& call, const app::Part& part) {
    const base::Ulid id = part.upload_id;
    const auto answer = [id](Call& step, const app::Progress& progress) { answer_created(step, id, progress); };
    const auto guard = [id](Call& step, const base::BodyReport* report, const auto& act) {
        run_tus(step, [&] { run_creation(step, id, report, act); });
    };
    run_creation(call, id, nullptr, [&] { receive(call, part, answer, guard); });
}

app::UploadRequest upload_request(Call& call, const TusFile& file, const app::Grant& folder, std::int64_t length) {
    const auto key = creation_key(call, {"upload", folder.entry.id, file.name, length});
    return {folder,           file.name,
            length,           file.sha256,
            file.on_conflict, std::string(call.header("Upload-Metadata").value_or("")),
            file.modified_at, key};
}

void create_upload(Call& call) {
    refuse_other_creation(call);
    const std::int64_t length = parse_tus_length(call.header("Upload-Length"), call.header("Upload-Defer-Length"));
    const TusFile file = tus_file(TusMetadata(call.header("Upload-Metadata").value_or("")));
    if (has_bytes(call)) require_media_type(call);
    app::Part part = announced_part(call);
    const app::Grant folder = call.reach(file.parent_id);
    const app::UploadRequest request = upload_request(call, file, folder, length);
    if (const auto first = app::find_created_upload(call.services(), call.actor(), request.key))
        return answer_created(call, first->id, progress_of(*first));
    const store::Upload upload = app::create_upload(call.services(), request);
    part.upload_id = upload.id;
    // An empty file has no bytes to wait for, so its upload is complete when it is created.
    if (has_bytes(call) || length == 0) return receive_first(call, part);
    answer_created(call, upload.id, {0, length, upload.expires_at, std::nullopt});
}

void show_upload(Call& call) {
    store::Upload upload = app::find_upload(call.services(), call.actor(), call.ulid("id"));
    call.respond(200);
    set_progress(call, progress_of(upload));
    if (upload.is_deferred()) call.set_header("Upload-Defer-Length", "1");
    else call.set_header("Upload-Length", std::to_string(upload.length));
    if (!upload.metadata.empty()) call.set_header("Upload-Metadata", upload.metadata);
}

void append_to_upload(Call& call) {
    require_media_type(call);
    app::Part part = announced_part(call);
    part.offset = parse_tus_number("Upload-Offset", call.header("Upload-Offset"));
    part.upload_id = call.ulid("id");
    if (auto whole = call.header("Upload-Length")) part.whole = parse_tus_number("Upload-Length", whole);
    const auto answer = [](Call& step, const app::Progress& progress) {
        step.respond(204);
        set_progress(step, progress);
    };
    receive(call, part, answer, [](Call& step, const base::BodyReport*, const auto& act) { run_tus(step, act); });
}

void end_upload(Call& call) {
    app::end_upload(call.services(), call.actor(), call.ulid("id"));
    call.respond(204);
}

// Handles X-HTTP-Method-Override, for clients that can send only POST. No other path reads this field, so a proxy's
// rules for methods stay valid on all other paths.
void run_overridden(Call& call) {
    auto method = call.header("X-HTTP-Method-Override");
    if (method == "PATCH") return append_to_upload(call);
    if (has_bytes(call) && method) throw base::Error(Code::invalid, "This call takes no body.");
    if (method == "HEAD") return show_upload(call);
    if (method == "DELETE") return end_upload(call);
    const base::Error error(Code::invalid,
                            "This path takes POST only with X-HTTP-Method-Override: PATCH, HEAD or DELETE.");
    call.respond_text(405, "application/problem+json", problem_document(error, call.origin().request_id, {}, 405));
    call.set_header("Allow", "HEAD, PATCH, DELETE, OPTIONS");
}

void list_uploads(Call& call) {
    nlohmann::json items = nlohmann::json::array();
    for (const store::Upload& upload : app::list_uploads(call.services(), call.actor()))
        items.push_back({{"id", upload.id.text()},
                         {"parent_id", upload.parent_id.text()},
                         {"filename", upload.name},
                         {"size", upload.is_deferred() ? nlohmann::json() : nlohmann::json(upload.length)},
                         {"offset", upload.received},
                         {"whole", upload.whole.has_value()},
                         {"created_at", upload.created_at},
                         {"expires_at", upload.expires_at}});
    call.respond_json(200, {{"items", std::move(items)}, {"next_cursor", nullptr}});
}

void finish_upload(Call& call) {
    const auto decision = store::parse_on_conflict(call.json().text("on_conflict"));
    if (!decision) throw base::Error(Code::invalid, "The field \"on_conflict\" must be replace, rename or fail.");
    const base::Ulid entry_id = app::finish_whole(call.services(), call.actor(), call.ulid("id"), *decision);
    const store::Entry entry = app::finished_entry(call.services(), call.actor(), entry_id);
    call.set_header("Location", call.urls().entry(entry.id));
    call.respond_text(200, "application/json", entry_json(entry));
}

constexpr Route kRoutes[] = {
    {"OPTIONS",
     "/api/v1/uploads",
     show_protocol,
     Guard::anonymous,
     Body::none,
     {.summary = "The supported version and extensions of tus", .status = 204}},
    {"GET",
     "/api/v1/uploads",
     list_uploads,
     Guard::signed_in,
     Body::none,
     {.summary = "My open uploads", .response = "UploadList"}},
    {"POST",
     "/api/v1/uploads",
     tus<create_upload>,
     Guard::signed_in,
     Body::stream,
     {.summary = "Begin a resumable upload (tus 1.0.0)", .status = 201, .headers = "Idempotency-Key"}},
    {"HEAD",
     "/api/v1/uploads/{id}",
     tus<show_upload>,
     Guard::signed_in,
     Body::none,
     {.summary = "The offset of an upload", .status = 200}},
    {"PATCH",
     "/api/v1/uploads/{id}",
     tus<append_to_upload>,
     Guard::signed_in,
     Body::stream,
     {.summary = "Send the next bytes of an upload", .status = 204}},
    {"POST",
     "/api/v1/uploads/{id}",
     tus<run_overridden>,
     Guard::signed_in,
     Body::stream,
     {.summary = "PATCH, HEAD or DELETE, as X-HTTP-Method-Override says", .status = 204}},
    {"POST",
     "/api/v1/uploads/{id}/finish",
     finish_upload,
     Guard::signed_in,
     Body::json,
     {.summary = "Finish a complete upload that was refused, with a new decision",
      .request = "UploadFinish",
      .response = "Entry"}},
    {"DELETE",
     "/api/v1/uploads/{id}",
     tus<end_upload>,
     Guard::signed_in,
     Body::none,
     {.summary = "Cancel an upload", .status = 204}},
};

}  // namespace

Routes upload_routes() { return kRoutes; }

}  // namespace bodega::web
