#include "web/call/call.h"

#include <httplib.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "http/decoded_target.h"
#include "http/media_type.h"
#include "web/call/expected_user.h"
#include "web/call/peer.h"
#include "web/call/request_credentials.h"

namespace bodega::web {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxCursor = 4096;
constexpr std::size_t kSourcePiece = 128 << 10;

std::optional<std::int64_t> to_integer(std::string_view text) {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

[[noreturn]] void refuse_query(std::string_view name, std::string_view must_be) {
    throw Error(Code::invalid,
                "The query parameter \"" + std::string(name) + "\" must be " + std::string(must_be) + ".");
}

// Throws if the value contains a control character, which would allow header injection. That is always a bug in bodega,
// so the value is never sent.
void check_header(std::string_view value) {
    if (std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }))
        throw Error(Code::internal, "a response header has a control character");
}

std::optional<base::BodyOffer> offer_of(const UploadConversation* conversation) {
    if (!conversation) return std::nullopt;
    const base::UploadConversation::Message message = conversation->message();
    const auto* offer = std::get_if<base::BodyOffer>(&message);
    return offer ? std::optional(*offer) : std::nullopt;
}

}  // namespace

Call::Call(Parts parts) : parts_(std::move(parts)), source_(CredentialSource::none) {}

const app::Origin& Call::origin() const noexcept { return parts_.peer.origin; }

const std::optional<app::Credential>& Call::credential() {
    if (!credential_read_) {
        FoundCredential found = find_credential(parts_.request, parts_.peer, urls().site());
        source_ = found.source;
        credential_ = found.credential;
        credential_read_ = true;
    }
    return credential_;
}

CredentialSource Call::credential_source() {
    credential();
    return source_;
}

const app::Credential& Call::require_credential() {
    if (!credential()) throw Error(Code::unauthenticated, "Sign in, or send an API token.");
    return *credential_;
}

const app::Actor& Call::actor() {
    if (!actor_) set_actor(authorizer().authenticate(require_credential(), origin()));
    return *actor_;
}

void Call::authenticate_again() { set_actor(authorizer().authenticate(require_credential(), origin())); }

void Call::set_actor(app::Actor actor) {
    require_expected_user(header(kExpectedUserField), actor);
    actor.require(scope_of(parts_.route));
    actor_ = std::move(actor);
}

app::Grant Call::reach(const base::Ulid& entry_id, bool trashed_too) {
    if (actor_) return authorizer().reach(*actor_, entry_id, trashed_too);
    try {
        app::Grant grant = authorizer().reach(require_credential(), origin(), entry_id, trashed_too);
        set_actor(grant.actor);
        return grant;
    } catch (const Error& error) {
        // If the page expects another account than the one that is signed in, actor() throws WrongAccount. That says
        // more than not_found, since the expected account may see the entry.
        if (error.code() == Code::not_found) actor();
        throw;
    }
}

store::SpaceRole Call::role_in(const base::Ulid& space_id) { return authorizer().role_in(actor(), space_id); }

std::string_view Call::method() const noexcept { return parts_.request.method_name; }

std::optional<std::string_view> Call::header(std::string_view name) const {
    return http::first_field(parts_.request.fields, name);
}

std::string Call::joined_header(std::string_view name) const {
    return http::joined_field(parts_.request.fields, name).value_or("");
}

bool Call::client_has(std::string_view etag) const {
    const http::Conditions asked{.if_none_match = http::joined_field(fields(), http::Name::if_none_match)};
    return http::check_read(asked, {etag}) == http::Precondition::not_modified;
}

bool Call::is_https() const noexcept { return parts_.peer.https; }

bool Call::peer_serves_blobs() const noexcept { return parts_.peer.serves_blobs; }

bool Call::peer_checks_sizes() const noexcept { return parts_.peer.is_own_edge; }

const std::string& Call::parameter(std::string_view name) const {
    for (const auto& [key, value] : parts_.parameters)
        if (key == name) return value;
    throw Error(Code::internal, "the route has no parameter " + std::string(name));
}

base::Ulid Call::ulid(std::string_view name) const {
    auto id = base::Ulid::parse(parameter(name));
    if (!id) throw Error(Code::not_found, "Nothing has this id.");
    return *id;
}

std::int64_t Call::integer(std::string_view name) const {
    auto value = to_integer(parameter(name));
    if (!value) throw Error(Code::not_found, "Nothing has this number.");
    return *value;
}

std::optional<std::string> Call::query(std::string_view name) const {
    for (const auto& [key, value] : parts_.target.query) {
        if (key != name) continue;
        if (!base::is_utf8(value)) refuse_query(name, "UTF-8");
        return value;
    }
    return std::nullopt;
}

std::optional<base::Ulid> Call::query_ulid(std::string_view name) const {
    auto text = query(name);
    if (!text || text->empty()) return std::nullopt;
    auto id = base::Ulid::parse(*text);
    if (!id) refuse_query(name, "an id");
    return id;
}

bool Call::query_flag(std::string_view name) const {
    auto text = query(name);
    if (!text || *text == "false") return false;
    if (*text != "true") refuse_query(name, "true or false");
    return true;
}

int Call::limit(int fallback, int max) const {
    auto text = query("limit");
    if (!text) return fallback;
    auto value = to_integer(*text);
    if (!value || *value < 1 || *value > max) refuse_query("limit", "a number from 1 to " + std::to_string(max));
    return static_cast<int>(*value);
}

std::optional<std::string> Call::cursor() const {
    auto text = query("cursor");
    if (text && text->empty()) return std::nullopt;
    if (text && text->size() > kMaxCursor) refuse_query("cursor", "the next_cursor of an earlier answer");
    return text;
}

std::int64_t Call::max_json() const noexcept { return std::min(parts_.route.max_json, config().app.max_json); }

JsonBody Call::json() {
    std::string text = parts_.body.read_all(max_json());
    if (text.empty()) return JsonBody("{}");  // a call whose fields are all optional needs no body
    if (!http::is_media_type(field(parts_.request, "Content-Type"), "application/json"))
        throw Error(Code::unsupported_media, "Send the body as JSON, with Content-Type: application/json.");
    return JsonBody(text);
}

std::optional<std::int64_t> Call::body_length() const {
    const auto offer = offer_of(parts_.conversation);
    return offer ? offer->length : parts_.body.length();
}

bool Call::is_offer() const { return offer_of(parts_.conversation).has_value(); }

base::Milliseconds Call::waited() const {
    const auto offer = offer_of(parts_.conversation);
    return offer ? offer->waited : 0;
}

void Call::hand_over(std::shared_ptr<base::UploadSession> session, UploadConversation::Step step) {
    parts_.conversation->continue_with(parts_.route, session, std::move(step));
    reply_to_edge(std::move(session));
}

void Call::reply_to_edge(base::UploadConversation::Reply reply) {
    parts_.conversation->reply(std::move(reply));
    respond(204);
    set_header(base::kConversationField, parts_.conversation->id());
}

void Call::set_header(std::string_view name, std::string value) {
    check_header(value);
    parts_.response.headers.erase(std::string(name));
    parts_.response.headers.emplace(name, std::move(value));
}

void Call::add_header(std::string_view name, std::string value) {
    check_header(value);
    parts_.response.headers.emplace(name, std::move(value));
}

void Call::respond(int status) {
    parts_.response.status = status;
    parts_.response.body.clear();
}

void Call::respond_json(int status, const nlohmann::json& body) {
    respond_text(status, "application/json", body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void Call::respond_text(int status, std::string_view content_type, std::string body) {
    parts_.response.status = status;
    parts_.response.body = std::move(body);
    set_header("Content-Type", std::string(content_type));
}

bool Call::respond_head_only(int status, std::string_view content_type, std::size_t length) {
    parts_.response.status = status;
    parts_.response.body.clear();
    if (length > 0 && method() != "HEAD") return false;
    set_header("Content-Type", std::string(content_type));
    set_header("Content-Length", std::to_string(length));
    return true;
}

void Call::respond_shared(int status, std::string_view content_type, std::shared_ptr<const std::string> body) {
    std::size_t length = body->size();
    if (respond_head_only(status, content_type, length)) return;
    auto provider = [body = std::move(body)](std::size_t offset, std::size_t left, httplib::DataSink& sink) {
        return sink.write(body->data() + offset, left);
    };
    parts_.response.set_content_provider(length, std::string(content_type), std::move(provider));
}

void Call::respond_source(int status, std::string_view content_type, std::int64_t length, Source read) {
    if (respond_head_only(status, content_type, static_cast<std::size_t>(length))) return;
    auto provider = [read = std::move(read), piece = std::string(kSourcePiece, '\0')](
                        std::size_t offset, std::size_t left, httplib::DataSink& sink) mutable {
        std::span<char> buffer(piece.data(), std::min(left, piece.size()));
        std::size_t n = read(static_cast<std::int64_t>(offset), buffer);
        return n > 0 && sink.write(buffer.data(), n);
    };
    parts_.response.set_content_provider(static_cast<std::size_t>(length), std::string(content_type),
                                         std::move(provider));
}

std::string_view Call::device() const { return device_of(parts_.request, parts_.peer, urls().site()); }

void Call::set_session_cookies(std::string_view secret, std::string_view device) {
    // Adds the session's cookie first: httplib sends fields of the same name in reverse order, and clients that keep
    // only one cookie keep the last.
    parts_.response.headers.erase("Set-Cookie");
    for (std::string& cookie : session_cookies(secret, parts_.peer, urls().site()))
        add_header("Set-Cookie", std::move(cookie));
    add_header("Set-Cookie", device_cookie(device, parts_.peer, urls().site()));
}

void Call::end_session_cookie() {
    parts_.response.headers.erase("Set-Cookie");
    for (std::string& cookie : ended_session_cookies(parts_.request, parts_.peer, urls().site()))
        add_header("Set-Cookie", std::move(cookie));
    // Makes the browser drop its cache, so that it does not show cached pages and files after a sign-out. Its storage
    // is kept, since it contains no personal data.
    set_header("Clear-Site-Data", "\"cache\"");
}

}  // namespace bodega::web
