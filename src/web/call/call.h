// One request and its answer, as a handler sees them. Used by one thread; destroyed when the handler returns.
//
//   void show_entry(Call& call) {
//       app::Grant grant = call.reach(call.ulid("id"));
//       call.respond_json(200, entry_json(grant.entry));
//   }
//
// A handler reports errors by throwing base::Error; the dispatcher turns all of them into problem+json. If a handler
// calls respond functions twice, the last call wins. An exception after that discards the answer.
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
#include "http/conditions.h"
#include "http/message.h"
#include "web/call/context.h"
#include "web/call/json_body.h"
#include "web/call/route.h"
#include "web/call/upload_conversation.h"
#include "web/transport/body_reader.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::http {
struct DecodedTarget;
}

namespace bodega::web {

struct Peer;  // the client or proxy at the other end of the connection
enum class CredentialSource : std::uint8_t;

class Call {
public:
    using Parameters = std::vector<std::pair<std::string_view, std::string>>;

    // All referenced objects outlive the call.
    struct Parts {
        Context& context;
        const Route& route;
        const Peer& peer;
        const http::DecodedTarget& target;
        const http::RequestHead& request;
        httplib::Response& response;
        BodyReader& body;
        UploadConversation* conversation;  // null if there is no conversation with the edge
        Parameters parameters;
    };
    explicit Call(Parts parts);
    Call(const Call&) = delete;

    // --- shared by all calls
    Context& context() noexcept { return parts_.context; }
    const app::Services& services() const noexcept { return parts_.context.services; }
    const config::Config& config() const noexcept { return parts_.context.services.config; }
    app::Authorizer& authorizer() noexcept { return parts_.context.authorizer; }
    const Urls& urls() const noexcept { return parts_.context.urls; }

    // --- the caller
    const app::Origin& origin() const noexcept;
    // Returns the credential of Authorization or of the cookie. Reads it on first use.
    const std::optional<app::Credential>& credential();
    CredentialSource credential_source();  // where the credential comes from (request_credentials.h)

    // Authenticates again, for a call that took long. Throws what actor() throws.
    void authenticate_again();

    // Authenticates on first use. Throws Error{unauthenticated}.
    const app::Actor& actor();

    // Returns an entry that the caller may see, with the caller's role. Finds an entry in the trash only if
    // `trashed_too`. Makes one round trip to the catalog, which includes authentication on first use. Throws
    // Error{unauthenticated}, Error{not_found}.
    app::Grant reach(const base::Ulid& entry_id, bool trashed_too = false);

    // Returns the caller's role in a space. Throws Error{not_found} if the caller is not a member.
    store::SpaceRole role_in(const base::Ulid& space_id);

    // --- the request
    std::string_view method() const noexcept;  // the method as sent: "HEAD" is not changed to "GET"
    // Returns the first field with this name, without surrounding spaces.
    std::optional<std::string_view> header(std::string_view name) const;
    // Returns all fields with this name, joined by commas, or an empty string.
    std::string joined_header(std::string_view name) const;
    const http::Fields& fields() const noexcept { return parts_.request.fields; }
    bool client_has(std::string_view etag) const;  // true if If-None-Match contains the tag, so that the answer is 304
    bool is_https() const noexcept;                // true if the client uses https
    // True if a trusted edge sent X-Accel-Capable, so that the answer may use X-Accel-Redirect.
    bool peer_serves_blobs() const noexcept;
    // True if the trusted edge also compares the file's size with X-Accel-Size.
    bool peer_checks_sizes() const noexcept;

    // Returns a parameter of the path, decoded. Requires: the pattern has the parameter.
    const std::string& parameter(std::string_view name) const;
    // Parses a path parameter; throws Error{not_found} if it is malformed.
    base::Ulid ulid(std::string_view name) const;
    // Parses a path parameter; throws Error{not_found} if it is malformed.
    std::int64_t integer(std::string_view name) const;

    // Returns a query parameter, decoded; '+' is a space. Throws Error{invalid} if the parameter is not UTF-8.
    std::optional<std::string> query(std::string_view name) const;
    std::optional<base::Ulid> query_ulid(std::string_view name) const;
    // Parses a query parameter that is "true" or "false"; returns false if it is absent. Throws Error{invalid} for
    // other text.
    bool query_flag(std::string_view name) const;
    // Returns the query parameter "limit", from 1 to `max`, or `fallback` if it is absent. Throws Error{invalid} for
    // other text.
    int limit(int fallback = 100, int max = 1000) const;
    // The query parameter "cursor": opaque text of at most 4096 bytes.
    std::optional<std::string> cursor() const;

    // Reads the complete body. Throws Error{too_large} above max_json(), Error{unsupported_media} for another
    // Content-Type.
    JsonBody json();
    std::int64_t max_json() const noexcept;  // the smaller of the route's limit and app.max_json, in bytes
    BodyReader& body() noexcept { return parts_.body; }

    std::optional<std::int64_t> body_length() const;  // std::nullopt if the client did not state the length

    // True if the edge holds the body back and offers to write it; body() is then empty. The handler of a Body::stream
    // route then answers the client, hands the body over, or replies base::WaitWithBody to the edge.
    bool is_offer() const;
    // True if the edge of this process can keep the body and repeat the request later, so that no thread waits here.
    // This is true for an offer, and for a body that came with the request and can be sent again.
    bool can_wait() const noexcept { return parts_.conversation != nullptr; }
    base::Milliseconds waited() const;  // milliseconds since the first offer
    // Orders the edge to write the body according to the session. `step` handles the edge's reports. Requires:
    // is_offer().
    void hand_over(std::shared_ptr<base::UploadSession> session, UploadConversation::Step step);
    // Replies to the edge, so that the client gets no answer to this request. Requires: can_wait().
    void reply_to_edge(base::UploadConversation::Reply reply);

    // --- the answer

    // Replaces the field. Throws Error{internal} if the value contains control characters.
    void set_header(std::string_view name, std::string value);
    void respond(int status);  // answers without a body
    void respond_json(int status, const nlohmann::json& body);
    void respond_text(int status, std::string_view content_type, std::string body);
    void respond_shared(int status, std::string_view content_type, std::shared_ptr<const std::string> body);

    // Answers with `length` bytes that `read(offset, buffer)` provides. Each call of `read` writes at least one byte;
    // if it returns 0, the connection is closed. `read` is called after the handler has returned, so it has to own what
    // it uses.
    using Source = std::function<std::size_t(std::int64_t offset, std::span<char> buffer)>;
    void respond_source(int status, std::string_view content_type, std::int64_t length, Source read);

    // The device secret that this browser got when it signed in earlier, or empty. See app/auth/throttle.h.
    std::string_view device() const;

    // Sets the cookies of the session and the device that this call has signed in. end_session_cookie() removes the
    // session's cookie after a sign-out.
    void set_session_cookies(std::string_view secret, std::string_view device);
    void end_session_cookie();

    bool is_authenticated() const noexcept { return actor_.has_value(); }

private:
    void add_header(std::string_view name, std::string value);
    const app::Credential& require_credential();
    void set_actor(app::Actor actor);  // throws app::InsufficientScope, WrongAccount
    // Sets the answer if it has no body, for example for HEAD. Returns false if the caller still has to set the body.
    bool respond_head_only(int status, std::string_view content_type, std::size_t length);

    Parts parts_;
    bool credential_read_ = false;
    CredentialSource source_;
    std::optional<app::Credential> credential_;
    std::optional<app::Actor> actor_;
};

}  // namespace bodega::web
