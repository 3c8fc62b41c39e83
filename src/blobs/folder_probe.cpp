#include "blobs/folder_probe.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.h"
#include "base/fd.h"

namespace bodega::blobs {
namespace {

constexpr int kTimes = 24;
constexpr std::chrono::seconds kMax{3};  // maximum time for all measurements: a slow folder is measured fewer times
constexpr mode_t kMode = 0640;

class Measurement {
public:
    explicit Measurement(const Store& store)
        : files_(store.files()),
          folder_(store.root() + "/incoming"),
          one_(folder_ + "/.doctor-" + base::Ulid::make().text()),
          two_(one_ + "-2") {}
    ~Measurement() {
        files_.unlink(one_.c_str());
        files_.unlink(two_.c_str());
    }
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;

    void measure(FolderProbe& facts) {
        const auto end = base::Steady::now() + kMax;
        for (int i = 0; i < kTimes && (i < 3 || base::Steady::now() < end); ++i) {
            block_.fill(static_cast<std::uint8_t>(i + 1));
            facts.sync.push_back(timed([&] { write(one_); }));
            facts.rename.push_back(timed([&] { rename(); }));
            facts.open.push_back(timed([&] { facts.is_visible = is_there() && facts.is_visible; }));
        }
        for (Times* times : {&facts.sync, &facts.rename, &facts.open}) std::ranges::sort(*times);
    }

    void replace(FolderProbe& facts) {
        block_.fill(0xAB);
        write(one_);
        facts.can_replace = files_.rename(one_.c_str(), two_.c_str()) == 0 && is_there();
    }

    void lock(FolderProbe& facts) {
        const base::Fd first = open(two_, O_RDWR), second = open(two_, O_RDWR);
        check("lock", two_, ::flock(first.get(), LOCK_EX | LOCK_NB));
        facts.excludes = ::flock(second.get(), LOCK_EX | LOCK_NB) != 0;
    }

private:
    template <class Do>
    static std::chrono::microseconds timed(Do work) {
        const auto begin = base::Steady::now();
        work();
        return std::chrono::duration_cast<std::chrono::microseconds>(base::Steady::now() - begin);
    }

    static void check(const std::string& call, const std::string& path, std::int64_t result) {
        if (result < 0) throw base::system_error(call + " " + path, errno, base::Code::io);
    }

    base::Fd open(const std::string& path, int flags) {
        base::Fd fd(files_.open(path.c_str(), flags, kMode));
        check("open", path, fd ? 0 : -1);
        return fd;
    }

    void write(const std::string& path) {
        const base::Fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC);
        check("write", path, files_.write_at(fd.get(), block_.data(), block_.size(), 0));
        check("fsync", path, files_.sync_data(fd.get()));
    }

    void rename() {
        check("rename", one_, files_.rename(one_.c_str(), two_.c_str()));
        const base::Fd folder = open(folder_, O_RDONLY | O_DIRECTORY);
        check("fsync", folder_, files_.sync_folder(folder.get()));
    }

    bool is_there() {
        struct stat found {};
        if (files_.status(one_.c_str(), found) == 0) return false;
        const base::Fd fd(files_.open(two_.c_str(), O_RDONLY, 0));
        std::array<std::uint8_t, 4096> bytes{};
        return fd && files_.read_at(fd.get(), bytes.data(), bytes.size(), 0) == 4096 && bytes == block_;
    }

    FileOps& files_;
    const std::string folder_, one_, two_;
    std::array<std::uint8_t, 4096> block_{};
};

void measure_free_space(const std::string& path, FolderProbe& facts) {
    struct statvfs free_space {};
    if (::statvfs(path.c_str(), &free_space) != 0) return;
    const auto block = static_cast<std::int64_t>(free_space.f_frsize);
    facts.free_bytes = static_cast<std::int64_t>(free_space.f_bavail) * block;
    facts.all_bytes = static_cast<std::int64_t>(free_space.f_blocks) * block;
    facts.free_files = static_cast<std::int64_t>(free_space.f_favail);
    facts.all_files = static_cast<std::int64_t>(free_space.f_files);
}

}  // namespace

FolderProbe look_at(const Store& store) {
    FolderProbe facts;
    facts.mount = mount_of(store.root());
    measure_free_space(store.root(), facts);
    try {
        const base::Milliseconds before = base::now_ms();
        facts.ahead = store.file_clock() - (before + base::now_ms()) / 2;
        Measurement measurement(store);
        measurement.measure(facts);
        measurement.replace(facts);
        measurement.lock(facts);
    } catch (const base::Error& error) {
        facts.failure = error.what();
    }
    return facts;
}

}  // namespace bodega::blobs
