// The uploads that this process holds, noted in a file on the machine's own disk, so that a restart takes them over at
// once: while a process lives, it has its file locked, and the kernel unlocks it when the process is gone with all its
// threads and calls. What such a one wrote is in this kernel's cache, or on the disk: nothing is on its way any more
// that a later write or cut of the file would not come after.
//
// Thread-safe. What can't be noted is taken over as from a server that was lost, after its lease.
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

    // folder: on a local disk, kept from one run to the next; made if it is missing. device: of the mount that the
    // files are on. Notes nothing if `folder` is on a network's disk, where a lock proves nothing.
    HeldUploads(std::string folder, std::uint64_t device);
    ~HeldUploads();  // removes the file
    HeldUploads(const HeldUploads&) = delete;
    HeldUploads& operator=(const HeldUploads&) = delete;

    void add(const Held& held) noexcept;
    void remove(const Ulid& holder) noexcept;

    // What processes of this machine that are gone held, since its start and on the same mount of the shared folder.
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
    const std::string place_;  // of this kernel's run and mount: the first line of every file
    const std::string path_;
    Fd file_;  // none: nothing is noted

    std::mutex mutex_;
    std::map<Ulid, std::size_t> slots_;  // by holder; protected by mutex_, as all below
    std::vector<std::size_t> free_;
    std::size_t end_ = 0;
};

}  // namespace bodega::base
