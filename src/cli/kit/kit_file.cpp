#include "cli/kit/kit_file.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/key.h"

namespace bodega::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw base::Error(base::Code::config_invalid, message); }

// True if `wanted` is the path, the file's name with or without the extension, or a folder of the path.
bool is_meant(std::string_view path, std::string_view wanted) {
    std::string_view name = path.substr(path.rfind('/') + 1);
    return path == wanted || name == wanted || name.substr(0, name.rfind('.')) == wanted ||
           (path.starts_with(wanted) && path.substr(wanted.size()).starts_with('/'));
}

}  // namespace

const KitFile& find_kit_file(std::string_view wanted) {
    std::vector<const KitFile*> meant;
    std::vector<std::string> paths;
    for (const KitFile& file : embedded_kit()) {
        if (file.path == wanted) return file;
        if (is_meant(file.path, wanted)) meant.push_back(&file);
        paths.emplace_back(file.path);
        paths.emplace_back(file.path.substr(0, file.path.rfind('/')));
    }
    if (meant.size() == 1) return *meant.front();
    std::string name(wanted);
    if (meant.empty())
        refuse("kit: there is no file " + name + config::did_you_mean(wanted, paths) + "; bodega kit lists them");
    std::string several;
    for (const KitFile* file : meant) several.append(several.empty() ? "" : ", ").append(file->path);
    refuse("kit: " + name + " matches " + several + "; name one of them");
}

}  // namespace bodega::cli
