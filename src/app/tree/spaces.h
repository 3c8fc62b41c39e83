// Manages spaces and their members. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/spaces.h"

namespace bodega::app {

struct SpaceChange {
    std::optional<std::string> name;
    // The new quota. An empty inner optional removes the quota.
    std::optional<std::optional<std::int64_t>> quota_bytes;
};

// A cursor that an earlier page returned, or std::nullopt for the first page. Any other text throws Error{invalid}.
using PageCursor = std::optional<std::string>;

struct SpacePage {
    std::vector<store::SpaceView> items;
    std::string next_cursor;  // empty on the last page
};

struct MemberPage {
    std::vector<store::Member> items;
    std::string next_cursor;
};

class Spaces {
public:
    explicit Spaces(const Services& services) : services_(services) {}

    // Lists the personal space first.
    SpacePage list(const Actor& actor, const PageCursor& cursor, int limit);
    // Throws Error{forbidden} unless the actor is an administrator.
    SpacePage list_all(const Actor& actor, const PageCursor& cursor, int limit);

    // Creates a team space that the actor manages. Throws Error{invalid}; Error{forbidden} unless the actor is an
    // administrator.
    store::SpaceView create(const Actor& actor, std::string_view name, std::optional<std::int64_t> quota_bytes);

    // A manager or an administrator may change the name. Only an administrator may change the quota. Throws
    // Error{not_found} for an actor that may not see the space, Error{forbidden}, Error{invalid}.
    store::SpaceView change(const Actor& actor, const base::Ulid& id, const SpaceChange& change);

    // Lists the members of a space. Members and administrators may call it.
    MemberPage members(const Actor& actor, const base::Ulid& id, const PageCursor& cursor, int limit);

    // Adds a member, or changes a member's role. Managers and administrators may call it. Throws Error{conflict} for
    // the owner of a personal space and if no manager would be left, Error{not_found} for an account that does not
    // exist.
    store::Member put_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id,
                             store::SpaceRole role);
    // Removes a member. Managers and administrators may call it, and members may remove themselves. Throws what
    // put_member throws.
    void remove_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id);

private:
    const Services& services_;
};

}  // namespace bodega::app
