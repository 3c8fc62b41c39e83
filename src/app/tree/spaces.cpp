#include "app/tree/spaces.h"

#include <utility>

#include "app/auth/admin_right.h"
#include "app/auth/audit.h"
#include "app/auth/username.h"
#include "app/names/display_name.h"
#include "app/tree/page_cursors.h"
#include "base/error.h"
#include "store/auth/users.h"
#include "store/tree/entries.h"
#include "store/tree/members.h"
#include "store/tree/space_lock.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

// Returns the space and the actor's role. Throws Error{not_found} for a space that the actor may not see.
store::SpaceView require_seen(db::Connection& connection, const Actor& actor, const base::Ulid& id) {
    auto space = store::Spaces(connection).find(id);
    auto member = store::Members(connection).find(id, actor.user_id);
    if (!space || (!member && !is_admin_now(connection, actor)))
        throw Error(Code::not_found, "That space does not exist, or you are not in it.");
    return {*space, member ? std::optional(member->role) : std::nullopt};
}

store::SpaceView require_managed(db::Connection& connection, const Actor& actor, const base::Ulid& id) {
    store::SpaceView view = require_seen(connection, actor, id);
    if (view.role != store::SpaceRole::manager && !is_admin_now(connection, actor))
        throw Error(Code::forbidden, "Only a manager of this space may do this.");
    return view;
}

// Requires: the caller has locked the space, so that its managers can't all leave at the same time.
void require_other_manager(db::Connection& connection, const base::Ulid& id) {
    if (store::Members(connection).lock_managers(id) <= 1)
        throw Error(Code::conflict, "This is the space's last manager. Make somebody else one first.");
}

void require_not_owner(const store::Space& space, const base::Ulid& user_id) {
    if (space.owner_id == user_id) throw Error(Code::conflict, "The owner of a personal space stays its manager.");
}

// Makes a page from up to `limit` + 1 items. An extra item means that there is another page.
SpacePage page_of(std::vector<store::SpaceView> found, int limit) {
    SpacePage page{std::move(found), {}};
    if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
    page.items.pop_back();
    store::SpacePosition last;
    if (!page.items.empty()) {
        const store::Space& space = page.items.back().space;
        last = {std::string(store::space_kind_name(space.kind)), space.name, space.id};
    }
    page.next_cursor = write_cursor(last);
    return page;
}

void check_quota(const std::optional<std::int64_t>& quota) {
    if (quota && *quota < 0) throw Error(Code::invalid, "The quota must be 0 or more bytes.");
}

}  // namespace

SpacePage Spaces::list(const Actor& actor, const PageCursor& cursor, int limit) {
    const auto after = cursor ? read_spaces_cursor(*cursor) : store::SpacePosition{};
    return services_.catalog.read([&](db::Connection& connection) {
        return page_of(store::Spaces(connection).list_of(actor.user_id, after, limit + 1), limit);
    });
}

// The first page begins with the administrator's personal space. The list of the other spaces follows, page by page.
SpacePage Spaces::list_all(const Actor& actor, const PageCursor& cursor, int limit) {
    const auto after = cursor ? read_spaces_cursor(*cursor) : store::SpacePosition{};
    return services_.catalog.read([&](db::Connection& connection) {
        require_admin(connection, actor);
        store::Spaces spaces(connection);
        const auto own = cursor ? std::nullopt : spaces.find_personal(actor.user_id);
        const int rest = own ? limit - 1 : limit;
        SpacePage page = page_of(spaces.list_all(actor.user_id, after, rest + 1), rest);
        if (own) page.items.insert(page.items.begin(), require_seen(connection, actor, own->id));
        return page;
    });
}

store::SpaceView Spaces::create(const Actor& actor, std::string_view name, std::optional<std::int64_t> quota_bytes) {
    check_quota(quota_bytes);
    store::NewSpace space;
    space.id = base::Ulid::make();
    space.name = clean_display_name("name", name);
    space.root_id = base::Ulid::make();
    space.quota_bytes = quota_bytes;
    auto work = [&](db::Connection& connection) {
        require_admin(connection, actor);
        store::Spaces(connection).insert(space);
        store::NewEntry root;
        root.id = space.root_id;
        root.space_id = space.id;
        root.now = connection.now_ms();
        root.user_id = actor.user_id;
        store::Entries(connection).insert(root);
        store::Members(connection).put(space.id, actor.user_id, store::SpaceRole::manager);
        record(connection, actor, "space.create", space.name, space.id);
        return require_seen(connection, actor, space.id);
    };
    return services_.catalog.transact(
        work, [&](db::Connection& connection) { return store::Spaces(connection).find(space.id).has_value(); });
}

store::SpaceView Spaces::change(const Actor& actor, const base::Ulid& id, const SpaceChange& change) {
    std::string name;
    if (change.name) name = clean_display_name("name", *change.name);
    if (change.quota_bytes) check_quota(*change.quota_bytes);
    return services_.catalog.transact([&](db::Connection& connection) {
        store::lock_space(connection, id);
        const store::SpaceView view = require_managed(connection, actor, id);
        if (change.quota_bytes) require_admin(connection, actor);
        store::Spaces spaces(connection);
        if (change.name) {
            spaces.set_name(id, name);
            record(connection, actor, "space.rename", view.space.name, id, detail("to", name));
        }
        if (change.quota_bytes) {
            spaces.set_quota(id, *change.quota_bytes);
            record(connection, actor, "space.quota", view.space.name, id);
        }
        return require_seen(connection, actor, id);
    });
}

MemberPage Spaces::members(const Actor& actor, const base::Ulid& id, const PageCursor& cursor, int limit) {
    const std::string after = cursor ? read_members_cursor(*cursor) : std::string();
    return services_.catalog.read([&](db::Connection& connection) {
        require_seen(connection, actor, id);
        MemberPage page{store::Members(connection).list(id, after, limit + 1), {}};
        if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
        page.items.pop_back();
        page.next_cursor = write_members_cursor(username_key(page.items.back().username).value_or(""));
        return page;
    });
}

store::Member Spaces::put_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id,
                                 store::SpaceRole role) {
    return services_.catalog.transact([&](db::Connection& connection) {
        // Locks the account before the space, since removing an account locks in that order too. The account then
        // exists until the commit.
        const auto user = store::Users(connection).lock_sign_in(user_id);
        store::lock_space(connection, id);
        const store::SpaceView view = require_managed(connection, actor, id);
        if (!user) throw Error(Code::not_found, "That account does not exist (any more).");
        store::Members members(connection);
        const auto before = members.find(id, user_id);
        if (role != store::SpaceRole::manager) {
            require_not_owner(view.space, user_id);
            if (before && before->role == store::SpaceRole::manager) require_other_manager(connection, id);
        }
        members.put(id, user_id, role);
        record(connection, actor, before ? "member.change" : "member.add", view.space.name, id,
               detail(user->username, store::space_role_name(role)));
        return store::Member{user_id, user->username, role};
    });
}

void Spaces::remove_member(const Actor& actor, const base::Ulid& id, const base::Ulid& user_id) {
    services_.catalog.transact([&](db::Connection& connection) {
        store::lock_space(connection, id);
        const bool leaves = user_id == actor.user_id;
        const store::SpaceView view =
            leaves ? require_seen(connection, actor, id) : require_managed(connection, actor, id);
        store::Members members(connection);
        const auto before = members.find(id, user_id);
        if (!before) throw Error(Code::not_found, "That account is not in this space.");
        require_not_owner(view.space, user_id);
        if (before->role == store::SpaceRole::manager) require_other_manager(connection, id);
        members.remove(id, user_id);
        record(connection, actor, "member.remove", view.space.name, id, detail("username", before->username));
    });
}

}  // namespace bodega::app
