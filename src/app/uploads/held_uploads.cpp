#include "app/uploads/held_uploads.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/file_system.h"
#include "base/log.h"

namespace bodega::app {
namespace {

constexpr std::size_t kId = 16;
constexpr std::size_t kRecord = 2 * kId;  // an upload's id and its holder's id; all zeros in a free slot
constexpr std::size_t kHead = 64;         // size of the first line: the scope, padded with zeros

std::string scope_of(std::uint64_t device) {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    if (boot.empty()) return "";
    std::string out = boot + " " + std::to_string(device);
    out.resize(kHead, '\0');
    return out;
}

bool is_local(const std::string& folder) {
    struct statfs found {};
    return ::statfs(folder.c_str(), &found) == 0 &&
           !base::network_file_system(static_cast<std::uint64_t>(found.f_type));
}

std::string read_all(int file) {
    std::string out;
    std::array<char, 16384> buffer{};
    for (ssize_t n = 0; (n = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(out.size()))) > 0;)
        out.append(buffer.data(), static_cast<std::size_t>(n));
    return out;
}

base::Ulid id_at(const std::string& bytes, std::size_t at) {
    base::Ulid out;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), kId, out.bytes.begin());
    return out;
}

void take_records(const std::string& bytes, std::vector<HeldUploads::Held>& out) {
    for (std::size_t at = kHead; at + kRecord <= bytes.size(); at += kRecord) {
        HeldUploads::Held held{id_at(bytes, at), id_at(bytes, at + kId)};
        if (!held.holder.is_nil()) out.push_back(held);
    }
}

}  // namespace

HeldUploads::HeldUploads(std::string folder, std::uint64_t device)
    : folder_(std::move(folder)), scope_(scope_of(device)), path_(folder_ + "/" + base::Ulid::make().text()) {
    if ((::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) || scope_.empty() || !is_local(folder_)) return;
    base::Fd file(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool made = file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 &&
                      ::write(file.get(), scope_.data(), kHead) == static_cast<ssize_t>(kHead);
    if (made) file_ = std::move(file);
    else
        base::log::warn("uploads",
                        "can't record the uploads under way; after a restart they wait for their leases to expire");
}

HeldUploads::~HeldUploads() {
    if (file_) ::unlink(path_.c_str());
}

void HeldUploads::add(const Held& held) noexcept {
    const base::MutexLock lock(mutex_);
    if (!file_ || slots_.size() >= kMax || slots_.contains(held.holder)) return;
    std::size_t slot = end_;
    if (free_.empty()) {
        ++end_;
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    slots_.emplace(held.holder, slot);
    write(slot, &held);
}

void HeldUploads::remove(const base::Ulid& holder) noexcept {
    const base::MutexLock lock(mutex_);
    auto found = slots_.find(holder);
    if (found == slots_.end()) return;
    write(found->second, nullptr);
    free_.push_back(found->second);
    slots_.erase(found);
}

// Does not sync. If only the process dies, the kernel keeps the written data. If the machine dies, gone() ignores the
// records, since the boot id has changed.
void HeldUploads::write(std::size_t slot, const Held* held) noexcept {
    std::array<std::uint8_t, kRecord> record{};
    if (held) {
        std::copy_n(held->id.bytes.begin(), kId, record.begin());
        std::copy_n(held->holder.bytes.begin(), kId, record.begin() + kId);
    }
    const auto offset = static_cast<off_t>(kHead + slot * kRecord);
    if (::pwrite(file_.get(), record.data(), kRecord, offset) != static_cast<ssize_t>(kRecord))
        base::log::warn("uploads",
                        "could not record an upload under way; after a restart it waits for its lease to expire");
}

HeldUploads::Gone HeldUploads::gone() const {
    Gone out;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const std::string path = entry.path().string();
        if (path == path_) continue;
        const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        // the process that locked the file is alive
        if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
        const std::string bytes = read_all(file.get());
        // Ignores the records of an earlier boot, which may be incomplete. Ignores the records for another mount, since
        // each mount has its own cache in the kernel.
        if (!scope_.empty() && bytes.starts_with(scope_)) take_records(bytes, out.held);
        out.files.push_back(path);
    }
    return out;
}

void HeldUploads::forget(const Gone& gone) noexcept {
    for (const std::string& path : gone.files) ::unlink(path.c_str());
}

}  // namespace bodega::app
