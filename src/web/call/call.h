// One request and its answer, as a handler sees them. Used by one thread; destroyed when the handler returns.
//
//   void show_entry(Call& call) {
//       app::Grant grant = call.reach(call.ulid("id"));
//       call.respond_json(200, entry_view(grant.entry));
//   }
//
// A handler reports errors by throwing base::Error; the dispatcher turns them into problem+json in one place. If a
// handler calls respond twice, the last call wins; an exception after it discards the answer.
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
#include "web/call/context.h"
#include "web/call/json_body.h"
#include "web/call/route.h"
#include "web/transport/body_reader.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::http {
struct DecodedTarget;
}

namespace bodega::web {

struct Peer;  // the other end of the connection, as a trusted proxy reports it
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

    // --- shared by all calls
    Context& context() noexcept { return parts_.context; }
    const app::Services& services() const noexcept { return parts_.context.services; }
    const config::Config& config() const noexcept { return parts_.context.services.config; }
    app::Authorizer& authorizer() noexcept { return parts_.context.authorizer; }

    // --- the caller
    const app::Origin& origin() const noexcept;
    const std::optional<app::Credential>& credential();  // Bearer, Basic or the cookie; read on first use
    CredentialSource credential_source();                // credentials.h

    // Authenticates on first use. Throws Error{unauthenticated}.
    const app::Actor& actor();

    // Returns a live entry that the caller may see, with the caller's role. Takes one round trip, including
    // authentication on first use. Throws Error{unauthenticated}, Error{not_found}.
    app::Grant reach(const base::Ulid& entry_id, bool trashed_too = false);

    // Returns the caller's role in a space. Throws Error{not_found} if the caller is not a member.
    store::SpaceRole role_in(const base::Ulid& space_id);

    // --- the request
    std::string_view method() const noexcept;                             // "HEAD" stays HEAD
    std::optional<std::string_view> header(std::string_view name) const;  // the first field with this name, trimmed
    std::string joined_header(
        std::string_view name) const;  // all fields with this name, joined by commas; "" if absent
    const http::Fields& fields() const noexcept { return parts_.request.fields; }
    bool client_has(std::string_view etag) const;  // If-None-Match names it: the answer is 304
    bool is_https() const noexcept;                // the client uses https
    bool peer_serves_blobs()
        const noexcept;  // a trusted edge sent X-Accel-Capable: the answer may use X-Accel-Redirect
    bool peer_checks_sizes() const noexcept;  // and it checks the file's size against X-Accel-Size itself

    const std::string& parameter(std::string_view name) const;  // of the path, decoded. Requires: the pattern has it
    base::Ulid ulid(std::string_view name) const;               // of the path; Error{not_found} if it is malformed
    std::int64_t integer(std::string_view name) const;          // of the path; Error{not_found} if it is malformed

    // A query parameter, decoded ('+' is a space). Throws Error{invalid} if it is not UTF-8.
    std::optional<std::string> query(std::string_view name) const;
    std::optional<base::Ulid> query_ulid(std::string_view name) const;
    bool query_flag(std::string_view name) const;          // absent or "false": false; "true"; else Error{invalid}
    int limit(int fallback = 100, int most = 1000) const;  // "limit", 1…most, else Error{invalid}
    std::optional<std::string> cursor() const;             // "cursor"; opaque, at most 4096 bytes

    // Reads the whole body. Throws Error{too_large} above max_json(), Error{unsupported_media} for another
    // Content-Type.
    JsonBody json();
    std::int64_t max_json() const noexcept;  // bytes: the smaller of the route's limit and app.max_json
    BodyReader& body() noexcept { return parts_.body; }

    // The edge's report about a body that it has written or will write itself; body() is then empty. A handler of a
    // Body::stream route answers an offer with respond_to_edge(order), and every other report except `complete` with
    // respond_to_edge(base::kBodyNoted). Its answer to `complete` goes to the client.
    const std::optional<base::BodyReport>& body_report() const noexcept { return parts_.report; }
    std::optional<std::int64_t> body_length() const noexcept;  // nullopt: not declared

    // --- the answer
    void set_header(std::string_view name,
                    std::string value);  // replaces; throws Error{internal} for control characters
    void respond(int status);            // without a body
    void respond_json(int status, const nlohmann::json& body);
    void respond_text(int status, std::string_view content_type, std::string body);
    void respond_shared(int status, std::string_view content_type, std::shared_ptr<const std::string> body);

    void respond_to_edge(std::string_view message);  // Requires: body_report(), or body().is_from_own_edge()

    // Answers with `length` bytes that `read(offset, buffer)` provides. `read` fills at least one byte a call; 0 cuts
    // the connection. `read` runs after the handler has returned, so it owns what it needs.
    using Source = std::function<std::size_t(std::int64_t offset, std::span<char> buffer)>;
    void respond_source(int status, std::string_view content_type, std::int64_t length, Source read);

    // The device secret from this browser's earlier sign-in; empty if it has sent none. See app/auth/throttle.h.
    std::string_view device() const;

    // Set the cookies of the session and the device that this call signed in, or remove the session's cookie after a
    // sign-out.
    void set_session_cookies(std::string_view secret, std::string_view device);
    void end_session_cookie();

    bool is_authenticated() const noexcept { return actor_.has_value(); }

private:
    void add_header(std::string_view name, std::string value);
    const app::Credential& require_credential();
    void set_actor(app::Actor actor);  // throws app::InsufficientScope, WrongAccount
    // Fills the answer to HEAD, and an answer without a body. False: the caller still has to set the body.
    bool respond_head_only(int status, std::string_view content_type, std::size_t length);

    Parts parts_;
    bool credential_read_ = false;
    CredentialSource source_;
    std::optional<app::Credential> credential_;
    std::optional<app::Actor> actor_;
};

}  // namespace bodega::web
