#include "cli/disk_names.h"

#include "app/names/name.h"
#include "base/error.h"

namespace bodega::cli {
namespace {

// Returns the name in the form that bodega stores, or the unchanged name if bodega would not accept it.
std::string composed(const std::string& name) {
    try {
        return app::clean_name(name);
    } catch (const base::Error& error) {
        if (error.code() != base::Code::name_invalid) throw;
        return name;
    }
}

}  // namespace

DiskNames::DiskNames(const LocalFolder& folder) : folder_(folder) { read(); }

void DiskNames::read() {
    ++reads_;
    for (const std::string& name : folder_.names()) names_.insert(composed(name));
}

void DiskNames::add(const std::string& name) {
    names_.insert(name);
    if (const auto item = folder_.find(name)) made_.insert(item->inode);
}

bool DiskNames::has(const std::string& name, const LocalFolder::Item& found) {
    if (made_.contains(found.inode)) return false;
    if (names_.contains(name)) return true;
    if (reads_ < kMaxReads) read();
    return names_.contains(name);
}

}  // namespace bodega::cli
