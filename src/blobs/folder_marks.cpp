#include "blobs/folder_marks.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/file_error.h"
#include "blobs/handle.h"
#include "blobs/incoming.h"
#include "blobs/layout.h"

namespace bodega::blobs {
namespace {

namespace fs = std::filesystem;
using base::Ulid;

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
constexpr std::size_t kMaxBytes = 4096;  // maximum size of bodega.json
constexpr std::string_view kKey = "\"catalog\"";

// Returns the value of "catalog", wherever it is in the document; later versions may add members.
std::optional<Ulid> id_in(std::string_view json) {
    std::size_t at = json.find(kKey);
    if (at == std::string_view::npos) return std::nullopt;
    at = json.find('"', at + kKey.size());
    const std::size_t end = at == std::string_view::npos ? at : json.find('"', at + 1);
    return end == std::string_view::npos ? std::nullopt : Ulid::parse(json.substr(at + 1, end - at - 1));
}

}  // namespace

std::string FolderMarks::path_of(const Ulid& generation) const { return root_ + "/generation/" + generation.text(); }

std::optional<Ulid> FolderMarks::catalog_id() const {
    const std::string path = root_ + "/bodega.json";
    const Handle fd(files_, files_.open(path.c_str(), O_RDONLY, 0));
    if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (!fd) throw file_error("read", path, errno);
    std::array<char, kMaxBytes> text{};
    const ssize_t size = files_.read_at(fd.get(), text.data(), text.size(), 0);
    if (size < 0) throw file_error("read", path, errno);
    const std::string_view json(text.data(), static_cast<std::size_t>(size));
    if (const std::optional<Ulid> id = id_in(json)) {
        require_layout(json, path);
        return id;
    }
    throw base::Error(base::Code::config_invalid,
                      path + " does not name a catalog: put it back from a backup, or run bodega adopt");
}

// Opens the file, which makes an NFS client ask its server; stat may answer from the client's cache.
bool FolderMarks::is_there(const std::string& path) const {
    const Handle fd(files_, files_.open(path.c_str(), O_RDONLY, 0));
    if (!fd && errno != ENOENT && errno != ENOTDIR && errno != ESTALE) throw file_error("open", path, errno);
    return static_cast<bool>(fd);
}

bool FolderMarks::has_generation(const Ulid& generation) const {
    if (is_there(path_of(generation))) return true;
    const std::string folder = root_ + "/generation";
    // Another node's rename may be invisible here for a while; opening its folder refreshes an NFS client's view.
    const Handle refreshed(files_, files_.open(folder.c_str(), O_RDONLY | O_DIRECTORY, 0));
    return refreshed && is_there(path_of(generation));
}

bool FolderMarks::is_contested() const { return is_there(root_ + "/generation/contested"); }

void FolderMarks::make_file(const std::string& path, std::string_view bytes) const {
    const int fd = files_.open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kFileMode);
    if (fd < 0) throw file_error("make", path, errno);
    Incoming file(files_, Handle(files_, fd), 0);
    file.write(base::as_bytes(bytes));
    file.seal();
}

void FolderMarks::sync_folder(const std::string& path) const {
    const Handle fd(files_, files_.open(path.c_str(), O_RDONLY | O_DIRECTORY, 0));
    if (!fd || files_.sync_folder(fd.get()) != 0) throw file_error("sync the folder", path, errno);
}

void FolderMarks::make(const Ulid& catalog_id, const Ulid& generation) const {
    // Each node uses its own draft, because another node may create the same generation at the same time.
    const std::string draft = root_ + "/.generation-" + Ulid::make().text();
    const std::string folder = root_ + "/generation";
    if (!has_generation(generation)) {
        if (files_.make_folder(draft.c_str(), kFolderMode) != 0) throw file_error("make the folder", draft, errno);
        make_file(draft + "/" + generation.text(), "");
        sync_folder(draft);
        // If another node has made `folder` first, the rename fails, and the other node's generation file stays.
        const int error = files_.rename(draft.c_str(), folder.c_str()) == 0 ? 0 : errno;
        if (error != 0 && error != EEXIST && error != ENOTEMPTY && !has_generation(generation))
            throw file_error("make the folder", folder, error);
        if (error != 0) {
            std::error_code ignored;  // a leftover draft is harmless
            fs::remove_all(draft, ignored);
        }
        sync_folder(root_);
    }
    if (has_generation(generation)) write_id(catalog_id);
}

void FolderMarks::write_id(const Ulid& catalog_id) const {
    const std::string draft = root_ + "/.bodega-" + Ulid::make().text(), path = root_ + "/bodega.json";
    make_file(draft, "{\n  \"catalog\": \"" + catalog_id.text() + "\",\n  " + layout_member() +
                         ",\n  \"about\": \"This shared folder belongs to that catalog of bodega. Do not change or "
                         "remove this file; copy it with the folder.\"\n}\n");
    if (files_.rename(draft.c_str(), path.c_str()) != 0 && this->catalog_id() != catalog_id)
        throw file_error("make", path, errno);
    sync_folder(root_);
}

bool FolderMarks::replace(const Ulid& from, const Ulid& to) const {
    const int error = files_.rename(path_of(from).c_str(), path_of(to).c_str()) == 0 ? 0 : errno;
    // On NFS, a rename that failed may have taken effect, so the error counts only if the new name is missing.
    if (error != 0 && !has_generation(to)) {
        if (error == ENOENT) return false;
        throw file_error("replace", path_of(from), error);
    }
    sync_folder(root_ + "/generation");
    return true;
}

void FolderMarks::contest() const { make_file(root_ + "/generation/contested", ""); }

void FolderMarks::clear() const {
    const std::string folder = root_ + "/generation", former = root_ + "/.generation-former";
    std::error_code ignored;
    fs::remove_all(former, ignored);
    if (files_.rename(folder.c_str(), former.c_str()) != 0 && errno != ENOENT)
        throw file_error("rename the folder", folder, errno);
    sync_folder(root_);
    fs::remove_all(former, ignored);
}

}  // namespace bodega::blobs
