#include "support/tree_model.h"

#include <algorithm>
#include <numeric>

namespace bodega::test {

using base::Ulid;

void TreeModel::add_space(const Ulid& space, const Ulid& root, std::optional<std::int64_t> quota) {
    quotas_[space] = quota;
    nodes_[root] = {std::nullopt, space, true, "", {}, std::nullopt};
    refresh_ids();
}

void TreeModel::refresh_ids() {
    ids_.clear();
    for (const auto& [id, node] : nodes_) ids_.push_back(id);
}

std::optional<Ulid> TreeModel::child(const Ulid& folder, const std::string& name) const {
    for (const auto& [id, node] : nodes_) {
        if (node.parent == folder && node.name == name) return id;
    }
    return std::nullopt;
}

std::vector<Ulid> TreeModel::children(const Ulid& folder) const {
    std::vector<Ulid> out;
    for (const auto& [id, node] : nodes_) {
        if (node.parent == folder) out.push_back(id);
    }
    return out;
}

bool TreeModel::is_within(Ulid id, const Ulid& ancestor) const {
    for (std::optional<Ulid> at = id; at; at = nodes_.at(*at).parent) {
        if (*at == ancestor) return true;
    }
    return false;
}

std::vector<Ulid> TreeModel::subtree(const Ulid& top) const {
    std::vector<Ulid> out;
    for (const auto& [id, node] : nodes_) {
        if (is_within(id, top)) out.push_back(id);
    }
    return out;
}

std::int64_t TreeModel::bytes(const Ulid& top, bool all_versions) const {
    std::int64_t sum = 0;
    for (const Ulid& id : subtree(top)) {
        const auto& sizes = nodes_.at(id).sizes;
        if (sizes.empty()) continue;
        sum += all_versions ? std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) : sizes.back();
    }
    return sum;
}

std::map<Ulid, std::int64_t> TreeModel::used() const {
    std::map<Ulid, std::int64_t> out;
    for (const auto& [space, quota] : quotas_) out[space] = 0;
    for (const auto& [id, node] : nodes_) {
        out[node.space] += std::accumulate(node.sizes.begin(), node.sizes.end(), std::int64_t{0});
    }
    return out;
}

bool TreeModel::fits(const Ulid& space, std::int64_t more) const {
    const auto quota = quotas_.at(space);
    return more <= 0 || !quota || used().at(space) + more <= *quota;
}

bool TreeModel::can_add(const Ulid& folder, const std::string& name, std::int64_t size) const {
    const Node& node = nodes_.at(folder);
    return is_live(folder) && node.is_folder && !child(folder, name) && fits(node.space, size);
}

bool TreeModel::can_copy(const Ulid& id, const Ulid& folder, const std::string& name) const {
    return is_live(id) && nodes_.at(id).parent && can_add(folder, name, bytes(id, false));
}

void TreeModel::add_folder(const Ulid& id, const Ulid& folder, const std::string& name) {
    nodes_[id] = {folder, nodes_.at(folder).space, true, name, {}, std::nullopt};
    refresh_ids();
}

void TreeModel::add_file(const Ulid& id, const Ulid& folder, const std::string& name, std::int64_t size) {
    nodes_[id] = {folder, nodes_.at(folder).space, false, name, {size}, std::nullopt};
    refresh_ids();
}

bool TreeModel::rename(const Ulid& id, const std::string& name) {
    Node& node = nodes_.at(id);
    if (!is_live(id) || !node.parent) return false;
    if (name != node.name && child(*node.parent, name)) return false;
    node.name = name;
    return true;
}

bool TreeModel::move(const Ulid& id, const Ulid& folder) {
    Node& node = nodes_.at(id);
    const Node& target = nodes_.at(folder);
    if (!is_live(id) || !node.parent || !is_live(folder) || !target.is_folder) return false;
    if (node.parent == folder) return true;
    if (is_within(folder, id) || child(folder, node.name)) return false;
    if (target.space != node.space && !fits(target.space, bytes(id, true))) return false;
    for (const Ulid& below : subtree(id)) nodes_.at(below).space = target.space;
    node.parent = folder;
    return true;
}

bool TreeModel::trash(const Ulid& id) {
    Node& node = nodes_.at(id);
    if (!is_live(id) || !node.parent) return false;
    for (const Ulid& below : subtree(id)) nodes_.at(below).trashed_under = id;
    node.parent = std::nullopt;
    return true;
}

bool TreeModel::restore(const Ulid& id, const Ulid& folder, const std::string& name) {
    Node& node = nodes_.at(id);
    const Node& target = nodes_.at(folder);
    if (is_live(id) || !is_live(folder) || !target.is_folder || child(folder, name)) return false;
    if (target.space != node.space && !fits(target.space, bytes(id, true))) return false;
    for (const Ulid& below : subtree(id)) {
        nodes_.at(below).trashed_under = std::nullopt;
        nodes_.at(below).space = target.space;
    }
    node.parent = folder;
    node.name = name;
    return true;
}

bool TreeModel::erase(const Ulid& id) {
    const Node& node = nodes_.at(id);
    if (is_live(id) ? !node.parent : node.trashed_under != id) return false;
    for (const Ulid& below : subtree(id)) nodes_.erase(below);
    refresh_ids();
    return true;
}

bool TreeModel::replace(const Ulid& id, std::int64_t size) {
    Node& node = nodes_.at(id);
    const bool full = node.sizes.size() > static_cast<std::size_t>(kVersionsKeep);
    if (!is_live(id) || !fits(node.space, size - (full ? node.sizes.front() : 0))) return false;
    node.sizes.push_back(size);
    if (full) {
        node.sizes.erase(node.sizes.begin());
        ++node.dropped;
    }
    return true;
}

bool TreeModel::restore_version(const Ulid& id) {
    Node& node = nodes_.at(id);
    if (!is_live(id) || node.is_folder || node.dropped > 0) return false;
    if (node.sizes.size() == 1) return true;
    // It gets a new number instead of its own, whatever room there is.
    std::rotate(node.sizes.begin(), node.sizes.begin() + 1, node.sizes.end());
    ++node.dropped;
    return true;
}

std::vector<Ulid> TreeModel::live_folders() const {
    std::vector<Ulid> out;
    for (const auto& [id, node] : nodes_) {
        if (node.is_folder && !node.trashed_under) out.push_back(id);
    }
    return out;
}

std::string TreeModel::listing(const Ulid& folder) const {
    std::vector<std::pair<bool, const Node*>> found;
    for (const Ulid& id : children(folder)) found.emplace_back(is_file(id), &nodes_.at(id));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first, a.second->name) < std::pair(b.first, b.second->name);
    });
    std::string out;
    for (const auto& [file, node] : found) {
        const auto size = file ? node->sizes.back() : 0;
        const auto version = file ? node->dropped + node->sizes.size() : 1;
        out += node->name + ":" + std::to_string(size) + ":" + std::to_string(version) + " ";
    }
    return out;
}

}  // namespace bodega::test
