// Finds a call's credential, and writes the cookies of sessions and devices.
//
// A credential is never read from the query of a URL.
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
    // Empty if no credential was sent (the source is `none`), or if it is malformed (the source has another value).
    std::optional<app::Credential> credential;
};

// The field Authorization has precedence over the cookie, even if it is malformed. A call from a page of another origin
// needs a Bearer token; other credentials are ignored. Throws Error{invalid} for two Authorization fields.
FoundCredential find_credential(const http::RequestHead& request, const Peer& peer, const config::PublicUrl& site);

// The Set-Cookie values of a session: "__Host-bodega=…; Path=/; Secure; HttpOnly; SameSite=Lax" under https, otherwise
// "bodega=…" without Secure. Below a base path it is "__Secure-bodega=…; Path=/files/; …", because browsers refuse
// "__Host-" with another path than "/" (RFC 6265bis, section 4.1.3.2).
//
// Browsers share cookies between all ports of a host. So the cookie's name contains the port that the browser used,
// unless that is the scheme's default: "bodega_8080". The first returned value sets the same secret under the name
// without a port. Nodes of the former version read only that name; this version reads it if the name with the port is
// missing.
//
// The catalog limits how long a session lives, so the cookies have the longest lifetime that browsers accept.
std::vector<std::string> session_cookies(std::string_view secret, const Peer& peer, const config::PublicUrl& site);
// The Set-Cookie values that end a session. A cookie whose name has no port may belong to another server on this host,
// so it is removed only if it has the secret of the session that ends.
std::vector<std::string> ended_session_cookies(const http::RequestHead& request, const Peer& peer,
                                               const config::PublicUrl& site);

// The secret in the cookie by which accounts recognise a browser that has signed in before (app/auth/throttle.h); empty
// if the cookie is absent or malformed. A sign-out keeps the cookie. Its name is the name of the session's cookie and
// "_device", such as "bodega_8080_device".
std::string_view device_of(const http::RequestHead& request, const Peer& peer, const config::PublicUrl& site);
std::string device_cookie(std::string_view secret, const Peer& peer, const config::PublicUrl& site);

// Throws Error{cross_site} for an unsafe method that a page of another site may have sent. If the request has a cookie,
// the browser has to prove that the origin is this site. If it has no cookie, it must not state another origin. A
// Bearer token is exempt, because browsers never send one on their own.
void refuse_cross_site(const http::RequestHead& request, const Peer& peer, CredentialSource source,
                       const config::PublicUrl& site);

// The WWW-Authenticate challenges of a 401. Each has its own field line, because some clients read only the first
// challenge of a line. Browsers get no challenge that would open their own sign-in dialogue.
std::vector<std::string> challenges(const http::RequestHead& request);

}  // namespace bodega::web
