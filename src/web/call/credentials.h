// Finds a call's credential, and writes the cookies of sessions and devices.
//
// A credential is never read from a URL's query.
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
    std::optional<app::Credential> credential;  // nullopt with a source other than `none`: the credential is malformed
};

// Authorization takes precedence over the cookie; a malformed one does not fall back to it. For a page of another
// origin only a Bearer token counts. Throws Error{invalid} for two Authorization fields.
FoundCredential find_credential(const http::RequestHead& request, const Peer& peer);

// The Set-Cookie values of a session: "__Host-bodega=…; Path=/; Secure; HttpOnly; SameSite=Lax" under https, else
// "bodega=…" without Secure. Browsers share cookies between all ports of a host, so the name carries the port that the
// browser used, unless it is the scheme's default: "bodega_8080". The first value uses the name without a port: nodes
// of the former version read that name, and this version does if the other is missing. The catalog decides how long a
// session lives, so the cookies stay as long as browsers keep them.
std::vector<std::string> session_cookies(std::string_view secret, const Peer& peer);
// The Set-Cookie values that end a session. A cookie without a port in its name may belong to another server on this
// host, so it is removed only if it has the same secret.
std::vector<std::string> ended_session_cookies(const http::RequestHead& request, const Peer& peer);

// The cookie by which accounts recognise a browser that has signed in before (app/auth/throttle.h). A sign-out keeps
// it.
// "__Host-bodega_device" under https, else "bodega_device", with the port as above. Empty: absent or malformed.
std::string_view device_of(const http::RequestHead& request, const Peer& peer);
std::string device_cookie(std::string_view secret, const Peer& peer);

// Throws Error{cross_site} for an unsafe method that a page of another site may have sent. With a cookie, a browser has
// to prove the same origin; without one, it must not state another origin. A Bearer token is exempt, because browsers
// never send it on their own.
void refuse_cross_site(const http::RequestHead& request, const Peer& peer, CredentialSource source,
                       std::string_view public_url);

// The WWW-Authenticate challenges of a 401, one per field line, because some clients read only the first challenge of a
// line. Browsers get no challenge that opens their own sign-in dialogue.
std::vector<std::string> challenges(const http::RequestHead& request);

}  // namespace bodega::web
