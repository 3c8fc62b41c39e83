#include "app/tree/new_name.h"

#include "app/names/name.h"
#include "base/media_type.h"

namespace bodega::app {

store::NewName new_name(const store::Entry& entry, const std::string& name) {
    return {name, name_key(name), entry.is_folder() ? std::string() : std::string(base::media_type_of(name))};
}

}  // namespace bodega::app
