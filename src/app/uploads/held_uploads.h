// Records in a file on the machine's local disk which uploads this process holds. After a restart the next process
// reads the file and takes over these uploads at once.
//
// A process locks its file while it runs. The kernel releases the lock when the process has ended with all its threads
// and system calls. Everything that the dead process wrote is then in this kernel's cache or on the disk, so none of
// its writes can come after a later write or truncation of the uploaded file.
//
// Thread-safe. An upload that can't be recorded is taken over only after its lease expires, as if its server were lost.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/ulid.h"

namespace bodega::app {

class HeldUploads {
public:
    struct Held {
        base::Ulid id;  // id of the upload
        base::Ulid holder;
    };

    // folder: holds the records; it is on a local disk, is kept between runs, and is created if missing. device: device
    // number of the shared directory's mount. Records nothing if `folder` is on a network file system, because a free
    // lock there does not prove that the process has ended.
    HeldUploads(std::string folder, std::uint64_t device);
    ~HeldUploads();  // removes this process's file
    HeldUploads(const HeldUploads&) = delete;
    HeldUploads& operator=(const HeldUploads&) = delete;

    void add(const Held& held) noexcept;
    void remove(const base::Ulid& holder) noexcept;

    // files: the files of this machine's dead processes; forget() removes them. held: the uploads that these processes
    // held, if they used this mount of the shared folder since the machine's last boot.
    struct Gone {
        std::vector<std::string> files;
        std::vector<Held> held;
    };
    Gone gone() const;
    static void forget(const Gone& gone) noexcept;

    static constexpr std::size_t kMax = 65'536;

private:
    void write(std::size_t slot, const Held* held) noexcept REQUIRES(mutex_);

    const std::string folder_;
    const std::string scope_;  // the kernel's boot id and the mount's device; the first line of every file
    const std::string path_;
    base::Fd file_;  // empty if no uploads are recorded

    base::Mutex mutex_;
    std::map<base::Ulid, std::size_t> slots_ GUARDED_BY(mutex_);  // each holder's slot in the file
    std::vector<std::size_t> free_ GUARDED_BY(mutex_);
    std::size_t end_ GUARDED_BY(mutex_) = 0;
};

}  // namespace bodega::app
