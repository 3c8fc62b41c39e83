// Spaces and their members. Thread-safe.
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
    std::optional<std::optional<std::int64_t>> quota_bytes;  // given and empty: no limit
};

// A cursor is of an answer before; std::nullopt: the first page. Error{invalid} for another one.
using PageCursor = std::optional<std::string>;

struct SpacePage {
    std::vector<store::SpaceView> items;
    std::string next_cursor;  // empty: that was all
};

struct MemberPage {
    std::vector<store::Member> items;
    std::string next_cursor;
};

class Spaces {
public:
    explicit Spaces(const Services& services) : services_(services) {}

    // The personal one first.
    SpacePage list(const Actor& actor, const PageCursor& cursor, int limit);
    SpacePage list_all(const Actor& actor, const PageCursor& cursor,
                       int limit);  // Error{forbidden} unless an administrator

    // A team space that the actor manages. Throws Error{forbidden} unless an administrator, Error{invalid}.
    store::SpaceView create(const Actor& actor, std::string_view name, std::optional<std::int64_t> quota_bytes);

    // The name is a manager's or an administrator's to change, the quota an administrator's.
    // Throws Error{not_found} for who may not see the space, Error{forbidden}, Error{invalid}.
    store::SpaceView change(const Actor& actor, const base::Ulid& id, const SpaceChange& change);

    // For everybody who is in it, and administrators.
    MemberPage members(const Actor& actor, const base::Ulid& id, const PageCursor& cursor, int limit);

    // A manager's or an administrator's. Throws Error{conflict} for a personal space's owner and when no manager would
    // be left, Error{not_found} for an account that is none.
    store::Member put_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id,
                             store::SpaceRole role);
    // A member may also leave by themselves.
    void remove_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id);

private:
    const Services& services_;
};

}  // namespace bodega::app
