#include "cli/space_choice.h"

#include <algorithm>

#include "app/names/name.h"
#include "base/error.h"
#include "base/visible_text.h"
#include "store/tree/entries.h"
#include "store/tree/spaces.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

std::vector<store::SpaceView> all_spaces(db::Connection& connection) {
    constexpr int kPage = 1000;
    std::vector<store::SpaceView> all;
    store::SpacePosition after;
    for (;;) {
        const auto page = store::Spaces(connection).list_all(base::Ulid{}, after, kPage);
        all.insert(all.end(), page.begin(), page.end());
        if (page.size() < kPage) return all;
        const store::Space& last = page.back().space;
        after = {std::string(store::space_kind_name(last.kind)), last.name, last.id};
    }
}

std::string names_of(const std::vector<store::SpaceView>& all) {
    constexpr std::size_t kMaxListed = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(all.size(), kMaxListed); ++i)
        names.append(i > 0 ? ", " : "; there are: ").append(base::visible_name(all[i].space.name));
    return names + (all.size() > kMaxListed ? ", and more" : "");
}

}  // namespace

store::Space choose_space(const app::Services& services, const std::optional<std::string>& wanted) {
    const auto all = services.catalog.read(all_spaces);
    if (!wanted) throw Error(Code::config_invalid, "name the space: --space NAME" + names_of(all));
    const std::string& text = *wanted;
    std::vector<store::Space> named;
    for (const store::SpaceView& view : all) {
        if (view.space.id.text() == text) return view.space;
        if (view.space.name == text) named.push_back(view.space);
    }
    if (named.size() == 1) return named.front();
    if (named.empty()) throw Error(Code::not_found, "there is no space " + text + names_of(all));
    std::string ids;
    for (const store::Space& space : named) ids.append(ids.empty() ? "" : ", ").append(space.id.text());
    throw Error(Code::conflict, "several spaces are called " + text + "; give the id of one: " + ids);
}

std::vector<std::string> path_names(const std::string& path) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= path.size();) {
        std::size_t end = std::min(path.find('/', begin), path.size());
        if (end > begin) names.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

store::Entry choose_folder(const app::Services& services, const store::Space& space, const std::string& path) {
    return services.catalog.read([&](db::Connection& connection) {
        store::Entries entries(connection);
        auto folder = entries.find(space.root_id);
        for (const std::string& name : path_names(path)) {
            if (folder) folder = entries.find_child(folder->id, app::clean_name(name));
            if (!folder || !folder->is_folder()) {
                std::string what = "there is no folder ";
                what.append(name).append(" of the path ").append(path).append(" in the space ").append(space.name);
                throw Error(Code::not_found, what);
            }
        }
        if (!folder) throw Error(Code::not_found, "the space " + space.name + " has no root folder");
        return *folder;
    });
}

}  // namespace bodega::cli
