// The use cases of the tree on a test's catalog, called as a user with a role.
#pragma once

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "base/error.h"
#include "support/catalog.h"
#include "support/temp_folder.h"
#include "support/tree.h"

namespace bodega::test {

class TreeApp {
public:
    explicit TreeApp(db::Dialect engine, db::Pool::Options options = {})
        : catalog(engine, options), tree(catalog), blobs(folder_.path()), services{config, catalog.pool(), blobs} {}

    app::Actor actor() const {
        return {tree.user, "ana", store::Role::member, std::nullopt, {"127.0.0.1", "test", "request"}};
    }
    app::Grant grant(const base::Ulid& id, store::SpaceRole role = store::SpaceRole::manager) {
        return {actor(), tree.entry(id), role};
    }

private:
    TempFolder folder_;

public:
    TestCatalog catalog;
    Tree tree;
    config::Config config;
    blobs::Store blobs;
    app::Services services;
};

// The code of the Error that `work` throws; std::nullopt if it throws none.
template <class Work>
std::optional<base::Code> code_of(Work work) {
    try {
        work();
        return std::nullopt;
    } catch (const base::Error& e) {
        return e.code();
    }
}

}  // namespace bodega::test
