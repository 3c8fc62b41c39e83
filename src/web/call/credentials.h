// Where a call's credential is, and how a session's cookie looks.
//
// Never in a URL: a query is not read for credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "http/message.h"
#include "web/call/peer.h"

namespace bodega::web {

enum class CredentialSource : std::uint8_t { none, cookie, basic, bearer };

struct FoundCredential {
    CredentialSource source = CredentialSource::none;
    std::optional<app::Credential> credential;  // none though there is a source: it is malformed
};

// Authorization goes before the cookie; a malformed one does not fall back to it. Of a page of another origin only a
// Bearer token counts. Throws Error{invalid} for two Authorization fields.
FoundCredential find_credential(const http::RequestHead& request, const Peer& peer);

// The fields that set a session's cookie: "__Host-bodega=…; Path=/; Secure; HttpOnly; SameSite=Lax" under https, else
// "bodega=…" without Secure. Browsers keep one set of cookies for all ports of a host, so the name carries the port
// that the browser used, unless that is the scheme's own: "bodega_8080". The first field has the name without a port,
// by which nodes of the former version know it, as this one still does where the other is missing. How long the session
// lives is the catalog's to say, so the cookies stay as long as browsers keep them.
std::vector<std::string> session_cookies(std::string_view secret, const Peer& peer);
// The one without a port is another server's unless it has the same secret.
std::vector<std::string> ended_session_cookies(const http::RequestHead& request, const Peer& peer);

// The cookie by which accounts know a browser that has signed in to them before (app/auth/throttle.h); a sign-out leaves it.
// "__Host-bodega_device" under https, else "bodega_device", with the port as above. Empty: none, or malformed.
std::string_view device_of(const http::RequestHead& request, const Peer& peer);
std::string device_cookie(std::string_view secret, const Peer& peer);

// Throws Error{cross_site} for an unsafe method that a page of another site may have sent: with a cookie a browser
// has to prove the same origin, without one it must not say another. A Bearer token is never sent by itself.
void refuse_cross_site(const http::RequestHead& request, const Peer& peer, CredentialSource source,
                       std::string_view public_url);

// The challenges of a 401, each for a field of its own: some clients read only the first of a field. Browsers get none
// that opens their own sign-in dialogue.
std::vector<std::string> challenges(const http::RequestHead& request);

}  // namespace bodega::web
