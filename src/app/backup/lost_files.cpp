#include "app/backup/lost_files.h"

#include <algorithm>

#include "base/visible_text.h"
#include "store/tree/file_path.h"

namespace bodega::app {
namespace {

using base::Ulid;

Ulid id_in(const store::Row& row, const db::Table& table, std::string_view column) {
    const auto* bytes = std::get_if<std::string>(&store::value_of(row, table, column));
    return bytes ? Ulid::from_bytes(*bytes).value_or(Ulid{}) : Ulid{};
}

}  // namespace

void LostFiles::add(const Ulid& blob, Why why) {
    ++blobs_;
    if (known_.size() < kMaxBlobs) known_.emplace(blob, why);
}

void LostFiles::match(const db::Table& table, const store::Row& row) {
    const bool is_version = table.name == "versions";
    if (known_.empty() || files_.size() == kMaxNamed || (!is_version && table.name != "entries")) return;
    const auto found = known_.find(id_in(row, table, "blob_id"));
    if (found == known_.end()) return;
    const Ulid entry = id_in(row, table, is_version ? "entry_id" : "id");
    const std::int64_t version = is_version ? std::get<std::int64_t>(store::value_of(row, table, "version")) : 0;
    files_.push_back({entry, version, found->second});
}

std::vector<std::string> LostFiles::names(db::Connection& connection) const {
    std::vector<std::string> names;
    for (const File& file : files_) {
        std::string name = base::visible_name(store::file_path(connection, file.entry));
        if (name.empty()) name = file.entry.text();
        if (file.version > 0) name += ", version " + std::to_string(file.version);
        names.push_back(name + (file.why == Why::missing ? ": missing" : ": damaged"));
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace bodega::app
