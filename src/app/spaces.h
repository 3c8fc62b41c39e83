// Spaces and their members. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/access.h"
#include "store/spaces.h"

namespace bodega::app {

struct SpaceChange {
    std::optional<std::string> name;
    std::optional<std::optional<std::int64_t>> quota_bytes;  // given and empty: no limit
};

class Spaces {
public:
    explicit Spaces(const Services& services) : services_(services) {}

    std::vector<store::SpaceView> list(const Actor& actor);
    std::vector<store::SpaceView> list_all(const Actor& actor);  // Error{forbidden} unless an administrator

    // A team space that the actor manages. Throws Error{forbidden} unless an administrator, Error{invalid}.
    store::SpaceView create(const Actor& actor, std::string_view name, std::optional<std::int64_t> quota_bytes);

    // The name is a manager's or an administrator's to change, the quota an administrator's.
    // Throws Error{not_found} for who may not see the space, Error{forbidden}, Error{invalid}.
    store::SpaceView change(const Actor& actor, const base::Ulid& id, const SpaceChange& change);

    // For everybody who is in it, and administrators.
    std::vector<store::Member> members(const Actor& actor, const base::Ulid& id);

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
