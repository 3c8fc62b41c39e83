// A space with a root and a user on a test's catalog, and short ways to fill it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ulid.h"
#include "store/tree/entry.h"
#include "support/catalog.h"

namespace bodega::test {

class Tree {
public:
    explicit Tree(TestCatalog& catalog);

    base::Ulid make_user(std::string_view username);
    // A team space with its root, the user its manager.
    base::Ulid make_space(std::string_view name, std::optional<std::int64_t> quota = std::nullopt);
    base::Ulid root_of(const base::Ulid& space);

    // These throw Error{name_taken} and leave nothing behind.
    base::Ulid folder(const base::Ulid& parent, std::string_view name);
    base::Ulid file(const base::Ulid& parent, std::string_view name, std::int64_t size = 1,
                    std::string_view mime = "text/plain");
    // A new content of `size` bytes, its blob's row included.
    store::Content content(std::int64_t size, std::string_view mime = "text/plain");

    store::Entry entry(const base::Ulid& id);
    bool is_gone(const base::Ulid& id);
    std::int64_t used(const base::Ulid& space);

    // Differences between counts (child_count, used_bytes, parents, spaces) and rows; empty: none.
    std::string audit_accounts();

private:
    base::Ulid add(const base::Ulid& parent, std::string_view name, const std::optional<store::Content>& content);

public:
    TestCatalog& catalog;
    base::Ulid user;
    base::Ulid space;
    base::Ulid root;
};

}  // namespace bodega::test
