// A model of the tree: the same rules in plain maps, slow and obvious.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ulid.h"

namespace bodega::test {

class TreeModel {
public:
    static constexpr int kVersionsKeep = 20;

    void add_space(const base::Ulid& space, const base::Ulid& root, std::optional<std::int64_t> quota = std::nullopt);

    // Operations return false and do nothing where the tree should refuse.
    bool rename(const base::Ulid& id, const std::string& name);
    bool move(const base::Ulid& id, const base::Ulid& folder);
    bool trash(const base::Ulid& id);
    bool restore(const base::Ulid& id, const base::Ulid& folder, const std::string& name);
    bool erase(const base::Ulid& id);
    bool replace(const base::Ulid& id, std::int64_t size);
    bool restore_version(const base::Ulid& id);  // to the first

    // For operations that create ids: check first, then add.
    bool can_add(const base::Ulid& folder, const std::string& name, std::int64_t size) const;
    bool can_copy(const base::Ulid& id, const base::Ulid& folder, const std::string& name) const;
    void add_folder(const base::Ulid& id, const base::Ulid& folder, const std::string& name);
    void add_file(const base::Ulid& id, const base::Ulid& folder, const std::string& name, std::int64_t size);

    const std::vector<base::Ulid>& ids() const { return ids_; }  // roots and the trash included
    std::optional<base::Ulid> child(const base::Ulid& folder, const std::string& name) const;
    std::vector<base::Ulid> children(const base::Ulid& folder) const;
    bool is_file(const base::Ulid& id) const { return !nodes_.at(id).is_folder; }
    std::int64_t size(const base::Ulid& id) const { return is_file(id) ? nodes_.at(id).sizes.back() : 0; }
    const std::string& name(const base::Ulid& id) const { return nodes_.at(id).name; }

    std::map<base::Ulid, std::int64_t> used() const;
    std::vector<base::Ulid> live_folders() const;
    std::string listing(const base::Ulid& folder) const;  // "name:size:version " of each, folders first

private:
    struct Node {
        std::optional<base::Ulid> parent;
        base::Ulid space;
        bool is_folder = true;
        std::string name;
        std::vector<std::int64_t> sizes;  // of all versions that are kept
        std::optional<base::Ulid> trashed_under;
        std::size_t dropped = 0;  // versions that are not kept any more
    };

    bool is_live(const base::Ulid& id) const { return !nodes_.at(id).trashed_under; }
    bool is_within(base::Ulid id, const base::Ulid& ancestor) const;
    bool fits(const base::Ulid& space, std::int64_t bytes) const;
    std::vector<base::Ulid> subtree(const base::Ulid& top) const;
    std::int64_t bytes(const base::Ulid& top, bool all_versions) const;
    void refresh_ids();

    std::map<base::Ulid, Node> nodes_;
    std::map<base::Ulid, std::optional<std::int64_t>> quotas_;
    std::vector<base::Ulid> ids_;
};

}  // namespace bodega::test
