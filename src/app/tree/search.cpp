#include "app/tree/search.h"

#include <unordered_map>

#include "app/names/name.h"
#include "app/tree/answer_bytes.h"
#include "app/tree/page_cursors.h"
#include "base/encoding.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

std::string pattern_of(const std::string& text) {
    if (text.empty()) throw Error(Code::invalid, "There is nothing to search for. Give a part of a name as q.");
    if (text.size() > kNameMaxBytes) throw Error(Code::invalid, "The text to search for is longer than any name.");
    if (!base::is_utf8(text)) throw Error(Code::invalid, "The text to search for is not valid UTF-8.");
    return name_pattern(text);
}

// Caches the paths of folders: a folder with several results is looked up once.
class Paths {
public:
    explicit Paths(db::Connection& connection) : entries_(connection) {}

    const std::vector<store::PathStep>& of(const store::Entry& entry) {
        const base::Ulid folder = entry.parent_id.value_or(base::Ulid{});
        const auto [at, is_new] = known_.try_emplace(folder);
        if (is_new) at->second = entries_.path(entry.id);
        return at->second;
    }

private:
    store::Entries entries_;
    std::unordered_map<base::Ulid, std::vector<store::PathStep>> known_;
};

}  // namespace

SearchResult search(const Services& services, Authorizer& authorizer, const Actor& actor, const SearchQuery& query) {
    const std::string pattern = pattern_of(query.text);
    if (query.space_id) authorizer.role_in(actor, *query.space_id);
    const auto after = query.cursor ? std::optional(read_search_cursor(*query.cursor)) : std::nullopt;
    if (pattern.empty()) return {};
    return services.catalog.read([&](db::Connection& connection) {
        const auto spaces =
            query.space_id ? std::vector{*query.space_id} : store::searchable_spaces(connection, actor.user_id);
        auto page = store::search_names(connection, spaces, pattern, after, query.limit);
        SearchResult result;
        Paths paths(connection);
        AnswerBytes bytes;
        for (std::size_t i = 0; i < page.items.size(); ++i) {
            const auto& path = paths.of(page.items[i]);
            if (!bytes.take(path)) {
                page.last = {page.items[i - 1].space_id, page.keys[i - 1], page.items[i - 1].id, true};
                break;
            }
            result.items.push_back({page.items[i], path});
        }
        if (page.last) result.next_cursor = write_cursor(*page.last);
        return result;
    });
}

}  // namespace bodega::app
