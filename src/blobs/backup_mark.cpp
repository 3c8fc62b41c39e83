#include "blobs/backup_mark.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/file_error.h"
#include "blobs/handle.h"
#include "blobs/incoming.h"
#include "blobs/layout.h"

namespace bodega::blobs {
namespace {

using base::Ulid;

constexpr mode_t kMode = 0640;
// Maximum size of the mark's file. kMaxFormer ids and the text around them need half of it.
constexpr std::size_t kMaxBytes = 8192;

std::string path_in(const std::string& folder) { return folder + "/" + std::string(BackupMark::kName); }

// Returns the ids, each in quotes, between the name of a JSON member and the next `end` character.
std::vector<Ulid> ids_after(std::string_view json, std::string_view member, char end) {
    std::vector<Ulid> ids;
    std::size_t at = json.find(member);
    if (at == json.npos) return ids;
    std::string_view rest = json.substr(at + member.size());
    rest = rest.substr(0, rest.find(end));
    while ((at = rest.find('"')) != rest.npos) {
        rest.remove_prefix(at + 1);
        if (const auto id = Ulid::parse(rest.substr(0, rest.find('"')))) ids.push_back(*id);
        rest.remove_prefix(std::min(rest.find('"'), rest.size() - 1) + 1);
    }
    return ids;
}

std::string json_of(const BackupMark& mark) {
    std::string json =
        "{\n  \"catalog\": \"" + mark.catalog.text() + "\",\n  " + layout_member() + ",\n  \"former\": [";
    const std::size_t from = mark.former.size() - std::min(mark.former.size(), BackupMark::kMaxFormer);
    for (std::size_t i = from; i < mark.former.size(); ++i)
        json.append(i == from ? "\"" : ", \"").append(mark.former[i].text()).append("\"");
    return json.append(
        "],\n  \"about\": \"This folder has the backups of that catalog of bodega. Do not change or remove this "
        "file.\"\n}\n");
}

}  // namespace

bool BackupMark::names(const Ulid& id) const { return id == catalog || std::ranges::find(former, id) != former.end(); }

std::optional<BackupMark> BackupMark::read(FileOps& files, const std::string& folder) {
    const std::string path = path_in(folder);
    const Handle fd(files, files.open(path.c_str(), O_RDONLY, 0));
    if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (!fd) throw file_error("read", path, errno);
    std::array<char, kMaxBytes> text{};
    const ssize_t size = files.read_at(fd.get(), text.data(), text.size(), 0);
    if (size < 0) throw file_error("read", path, errno);
    const std::string_view json(text.data(), static_cast<std::size_t>(size));
    const std::vector<Ulid> owner = ids_after(json, "\"catalog\":", ',');
    if (!owner.empty()) {
        require_layout(json, path);
        return BackupMark{owner.front(), ids_after(json, "\"former\":", ']')};
    }
    throw base::Error(base::Code::config_invalid, path +
                                                      " does not name a catalog: put the file back, or remove it and "
                                                      "run bodega backup --adopt");
}

void BackupMark::write(FileOps& files, const std::string& folder) const {
    const std::string path = path_in(folder), draft = folder + "/." + std::string(kName);
    Handle fd(files, files.open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kMode));
    if (!fd) throw base::system_error("make " + draft, errno, base::Code::config_invalid);
    Incoming file(files, std::move(fd), 0);
    file.write(base::as_bytes(json_of(*this)));
    file.seal();
    // On NFS, a rename that failed may have taken effect, so the mark is read back before an error is thrown.
    if (files.rename(draft.c_str(), path.c_str()) != 0) {
        const int error = errno;
        const auto there = read(files, folder);
        if (!there || there->catalog != catalog) throw file_error("make", path, error);
    }
    const Handle top(files, files.open(folder.c_str(), O_RDONLY | O_DIRECTORY, 0));
    if (!top || files.sync_folder(top.get()) != 0) throw file_error("sync the folder", folder, errno);
}

}  // namespace bodega::blobs
