// Records the uploads that this process holds in a file on the machine's local disk, so that the next process takes
// them over at once after a restart. A process locks its file while it runs; the kernel unlocks it when the process has
// ended with all its threads and system calls. The dead process's data is then in this kernel's cache or on the disk,
// so none of its writes can come after a later write or truncation of the file.
//
// Thread-safe. An upload that can't be recorded is taken over after its lease expires, as from a lost server.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/ulid.h"

namespace bodega::base {

class HeldUploads {
public:
    struct Held {
        Ulid id;  // the upload's
        Ulid holder;
    };

    // folder: where the records are; on a local disk, kept between runs; created if missing. device: the device number
    // of the shared directory's mount. Records nothing if `folder` is on a network file system: there a free lock does
    // not mean that its process has ended.
    HeldUploads(std::string folder, std::uint64_t device);
    ~HeldUploads();  // removes the file
    HeldUploads(const HeldUploads&) = delete;
    HeldUploads& operator=(const HeldUploads&) = delete;

    void add(const Held& held) noexcept;
    void remove(const Ulid& holder) noexcept;

    // The uploads of dead processes of this machine, since its boot and on the same mount of the shared folder.
    // forget() removes their files.
    struct Gone {
        std::vector<std::string> files;
        std::vector<Held> held;
    };
    Gone gone() const;
    static void forget(const Gone& gone) noexcept;

    static constexpr std::size_t kMost = 65'536;

private:
    void write(std::size_t slot, const Held* held) noexcept;

    const std::string folder_;
    const std::string scope_;  // the kernel's boot id and the mount's device; the first line of every file
    const std::string path_;
    Fd file_;  // empty: nothing is recorded

    std::mutex mutex_;
    std::map<Ulid, std::size_t> slots_;  // by holder; protected by mutex_, like all below
    std::vector<std::size_t> free_;
    std::size_t end_ = 0;
};

}  // namespace bodega::base
