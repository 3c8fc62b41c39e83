// One request and its answer, as a handler sees it. Used by one thread, dead when the handler returns.
//
//   void show_entry(Call& call) {
//       app::Grant grant = call.reach(call.ulid("id"));
//       call.respond_json(200, entry_view(grant.entry));
//   }
//
// What goes wrong is thrown as base::Error; the server turns it into problem+json in one place. A handler
// answers once: the last respond wins, and a throw after it discards it.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/auth/authorizer.h"
#include "base/body_order.h"
#include "http/conditions.h"
#include "http/message.h"
#include "web/transport/body_reader.h"
#include "web/call/context.h"
#include "web/call/json_body.h"
#include "web/call/route.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::http {
struct DecodedTarget;
}

namespace bodega::web {

struct Peer;  // peer.h: who is at the other end, as a trusted proxy tells it
enum class CredentialSource : std::uint8_t;

class Call {
public:
    using Parameters = std::vector<std::pair<std::string_view, std::string>>;

    // All of them outlive the call.
    struct Parts {
        Context& context;
        const Route& route;
        const Peer& peer;
        const http::DecodedTarget& target;
        const http::RequestHead& request;
        httplib::Response& response;
        BodyReader& body;
        const std::optional<base::BodyReport>& report;
        Parameters parameters;
    };
    explicit Call(Parts parts);
    Call(const Call&) = delete;

    // --- what all calls share
    Context& context() noexcept { return parts_.context; }
    const app::Services& services() const noexcept { return parts_.context.services; }
    const config::Config& config() const noexcept { return parts_.context.services.config; }
    app::Access& access() noexcept { return parts_.context.access; }

    // --- who calls
    const app::Origin& origin() const noexcept;
    const std::optional<app::Credential>& credential();  // Bearer, Basic or the cookie; read at the first use
    CredentialSource credential_source();                // credentials.h

    // Authenticates at the first use. Throws Error{unauthenticated}.
    const app::Actor& actor();

    // A live entry that the caller may see, with their role: one round trip, authentication included if it
    // was not done before. Throws Error{unauthenticated}, Error{not_found}.
    app::Grant reach(const base::Ulid& entry_id, bool trashed_too = false);

    // The caller's role in a space; Error{not_found} if they are not in it.
    store::SpaceRole role_in(const base::Ulid& space_id);

    // --- the request
    std::string_view method() const noexcept;                             // "HEAD" stays HEAD
    std::optional<std::string_view> header(std::string_view name) const;  // the first of that name, trimmed
    std::string joined_header(std::string_view name) const;               // all of that name, by commas; "": none
    const http::Fields& fields() const noexcept { return parts_.request.fields; }
    bool client_has(std::string_view etag) const;  // If-None-Match names it: answer 304
    bool is_https() const noexcept;                // at the client's end
    bool peer_serves_blobs() const noexcept;       // a trusted edge said X-Accel-Capable: answer with X-Accel-Redirect
    bool peer_checks_sizes() const noexcept;       // and holds the file's size against X-Accel-Size by itself

    const std::string& parameter(std::string_view name) const;  // of the path, decoded. Requires: in the pattern
    base::Ulid ulid(std::string_view name) const;               // of the path; Error{not_found} if it is none
    std::int64_t integer(std::string_view name) const;          // of the path; Error{not_found} if it is none

    std::optional<std::string> query(
        std::string_view name) const;  // decoded ('+' is a space); Error{invalid} if not UTF-8
    std::optional<base::Ulid> query_ulid(std::string_view name) const;
    bool query_flag(std::string_view name) const;          // absent or "false": false; "true"; else Error{invalid}
    int limit(int fallback = 100, int most = 1000) const;  // "limit", 1…most, else Error{invalid}
    std::optional<std::string> cursor() const;             // "cursor"; opaque, at most 4096 bytes

    // Reads all of it. Throws Error{too_large} beyond max_json(), Error{unsupported_media} for another Content-Type.
    JsonBody json();
    std::int64_t max_json() const noexcept;  // bytes: the route's, or app.max_json if that is less
    BodyReader& body() noexcept { return parts_.body; }

    // What the edge says of the body, which it has or will have written by itself: then body() has nothing. A handler
    // of a Body::stream answers an offer with respond_to_edge(order), and every report but of `complete` with
    // respond_to_edge(base::kBodyNoted); to `complete` it answers the client.
    const std::optional<base::BodyReport>& body_report() const noexcept { return parts_.report; }
    std::optional<std::int64_t> body_length() const noexcept;  // nullopt: not told before

    // --- the answer
    void set_header(std::string_view name, std::string value);  // replaces; no control characters, else Error{internal}
    void add_header(std::string_view name, std::string value);
    void respond(int status);  // without a body
    void respond_json(int status, const nlohmann::json& body);
    void respond_text(int status, std::string_view content_type, std::string body);
    void respond_shared(int status, std::string_view content_type, std::shared_ptr<const std::string> body);

    void respond_to_edge(std::string_view word);  // Requires: body_report(), or body().is_from_own_edge()

    // `length` bytes that `read(offset, buffer)` fills: at least one byte a call, 0 breaks the connection off.
    // `read` runs after the handler returned, so it owns what it needs.
    using Source = std::function<std::size_t(std::int64_t offset, std::span<char> buffer)>;
    void respond_source(int status, std::string_view content_type, std::int64_t length, Source read);

    // Of a sign-in before, by this browser; empty: none. See app/auth/throttle.h.
    std::string_view device() const;

    // Signed in by this call: the answer carries the cookies of the session and the device; and signed out, the end of
    // the session's.
    void set_session_cookies(std::string_view secret, std::string_view device);
    void end_session_cookie();

    bool is_authenticated() const noexcept { return actor_.has_value(); }

private:
    const app::Credential& require_credential();
    void set_actor(app::Actor actor);  // throws app::InsufficientScope, WrongAccount
    // Fills the answer to HEAD, and one without a body; false: the body is still to be set.
    bool respond_head_only(int status, std::string_view content_type, std::size_t length);

    Parts parts_;
    bool credential_read_ = false;
    CredentialSource source_;
    std::optional<app::Credential> credential_;
    std::optional<app::Actor> actor_;
};

}  // namespace bodega::web
