// Authenticates callers and finds their rights on an entry. Every use case starts here.
//
// Each call looks its credential up in the catalog, so a sign-out, a revoked token, a disabled account or a changed
// membership takes effect on every node at once. Thread-safe.
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
#include "store/auth/session.h"
#include "store/auth/user.h"
#include "store/tree/entry.h"
#include "store/tree/space.h"

namespace bodega::app {

// The SHA-256 of a client's secret. The secret itself is not stored.
struct Credential {
    enum class Kind : std::uint8_t { session, token };
    Kind kind = Kind::session;
    std::array<std::uint8_t, 32> hash{};

    static Credential from_secret(Kind kind, std::string_view secret);
    // The prefix of a token's secret. For a narrower scope (read, write) the stored hash is computed differently. So a
    // node of an older version, which knows no scopes, does not find the token and refuses it. It would otherwise grant
    // every right.
    static std::string_view token_prefix(store::TokenScope scope) noexcept;
};

// The origin of a call, for the audit log and the throttle.
struct Origin {
    std::string address;
    std::string user_agent;
    std::string request_id;
};

struct Actor {
    base::Ulid user_id;
    std::string username;
    store::Role role = store::Role::member;
    std::optional<base::Ulid> session_id;  // empty if a token signed the caller in
    Origin origin;
    // a session always has the scope admin, which grants every right of the account
    store::TokenScope scope = store::TokenScope::admin;
    std::optional<base::Ulid> token_id = {};  // empty if a session signed the caller in

    // A token with a narrower scope has no administrator's rights, even if its account has them.
    bool is_admin() const noexcept { return role == store::Role::admin && scope == store::TokenScope::admin; }
    bool is_console() const noexcept { return user_id.is_nil(); }  // true for console_actor()
    bool is_token() const noexcept { return !session_id && !user_id.is_nil(); }

    void require(store::TokenScope least) const;  // throws InsufficientScope if the scope is below `least`
};

// Thrown when a token's scope forbids a call that its account may make.
class InsufficientScope : public base::Error {
public:
    explicit InsufficientScope(store::TokenScope needed);

    store::TokenScope needed() const noexcept { return needed_; }

private:
    store::TokenScope needed_;
};

// An entry outside the trash that the actor may at least view.
struct Grant {
    Actor actor;
    store::Entry entry;
    store::SpaceRole role = store::SpaceRole::viewer;

    void require(store::SpaceRole least) const;  // throws Error{forbidden} if the role is below `least`
};

// Throws Error{forbidden} if `role` is below `least`.
void require_at_least(store::SpaceRole role, store::SpaceRole least);

class Authorizer {
public:
    explicit Authorizer(const Services& services) : services_(services), lookup_(services.catalog) {}

    // Throws Error{unauthenticated} if the credential is unknown, expired, revoked or of a disabled account.
    Actor authenticate(const Credential& credential, Origin origin);

    // Does what authenticate() does, and also reads the entry and the caller's role in the entry's space, in one round
    // trip to the catalog. Throws Error{not_found} for an entry that does not exist or that the caller may not see,
    // and, unless `trashed_too`, for an entry in the trash.
    Grant reach(const Credential& credential, Origin origin, const base::Ulid& entry_id, bool trashed_too = false);

    // Reads a second entry of a call, such as a target folder, for an actor that is already authenticated. Throws what
    // the other reach() throws.
    Grant reach(const Actor& actor, const base::Ulid& entry_id, bool trashed_too = false);

    // The actor's role in a space. Throws Error{not_found} for a space of which the actor is not a member.
    store::SpaceRole role_in(const Actor& actor, const base::Ulid& space_id);

private:
    void stamp(const Credential& credential, const store::Caller& caller);

    const Services& services_;
    CallerLookup lookup_;
    // After a failed update no update is attempted before this time (steady clock).
    std::atomic<base::Steady::rep> stamps_from_ = 0;
};

}  // namespace bodega::app
