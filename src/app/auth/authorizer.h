// Who is calling, and what they may do with what: every use case starts here.
//
// A Credential is looked up in the catalog at each call, so a sign-out, a revoked token, a disabled
// account or a changed membership holds on every node at once. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "app/auth/caller_lookup.h"
#include "app/services.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/ulid.h"
#include "store/tree/entry.h"
#include "store/auth/session.h"
#include "store/tree/space.h"
#include "store/auth/user.h"

namespace bodega::app {

// A secret as a client showed it, by its SHA-256: the secret itself goes no further than here.
struct Credential {
    enum class Kind : std::uint8_t { session, token };
    Kind kind = Kind::session;
    std::array<std::uint8_t, 32> hash{};

    static Credential from_secret(Kind kind, std::string_view secret);
    // What a token's secret begins with. That of a narrower scope is hashed in another way, so that a node of a version
    // without scopes refuses it rather than let it do everything.
    static std::string_view token_prefix(store::TokenScope scope) noexcept;
};

// The origin of a call, for the audit and the throttle.
struct Origin {
    std::string address;
    std::string user_agent;
    std::string request_id;
};

struct Actor {
    base::Ulid user_id;
    std::string username;
    store::Role role = store::Role::member;
    std::optional<base::Ulid> session_id;  // none: signed in by a token
    Origin origin;
    store::TokenScope scope = store::TokenScope::admin;  // of a session: all
    std::optional<base::Ulid> token_id = {};             // none: signed in otherwise

    // A token of a narrower scope does not act as an administrator, whoever made it.
    bool is_admin() const noexcept { return role == store::Role::admin && scope == store::TokenScope::admin; }
    bool is_console() const noexcept { return user_id.is_nil(); }  // console_actor(): no account
    bool is_token() const noexcept { return !session_id && !user_id.is_nil(); }

    void require(store::TokenScope least) const;  // throws InsufficientScope
};

// A token that may not do this, though its account may.
class InsufficientScope : public base::Error {
public:
    explicit InsufficientScope(store::TokenScope needed);

    store::TokenScope needed() const noexcept { return needed_; }

private:
    store::TokenScope needed_;
};

// A live entry that the actor may at least view.
struct Grant {
    Actor actor;
    store::Entry entry;
    store::SpaceRole role = store::SpaceRole::viewer;

    void require(store::SpaceRole least) const;  // throws Error{forbidden}
};

// Throws Error{forbidden}.
void require_at_least(store::SpaceRole role, store::SpaceRole least);

class Access {
public:
    explicit Access(const Services& services) : services_(services), lookup_(services.catalog) {}

    // Throws Error{unauthenticated} if the credential is unknown, expired, revoked or of a disabled account.
    Actor authenticate(const Credential& credential, Origin origin);

    // authenticate, and the entry with the caller's role in its space, in one round trip to the catalog.
    // What may not be seen is not_found, the same as what does not exist; so are trashed entries, unless
    // `trashed_too`.
    Grant reach(const Credential& credential, Origin origin, const base::Ulid& entry_id, bool trashed_too = false);

    // The same for a second entry of a call (a target folder), for an actor who is known already.
    Grant reach(const Actor& actor, const base::Ulid& entry_id, bool trashed_too = false);

    // The actor's role in a space; throws Error{not_found} for a space that they are not in.
    store::SpaceRole role_in(const Actor& actor, const base::Ulid& space_id);

private:
    void stamp(const Credential& credential, const store::Caller& caller);

    const Services& services_;
    CallerLookup lookup_;
    std::atomic<base::Steady::rep> stamps_from_ = 0;  // a catalog that took none is not asked for a while
};

}  // namespace bodega::app
