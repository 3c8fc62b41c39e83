// A FUSE file system for tests: it passes a folder through and injects faults on demand, as NFS produces them: late,
// after the operation took effect, or without any answer.
//
//   faulty-fs BACKING MOUNTPOINT SOCKET
//
// It stays in the foreground until it is unmounted. Each connection to SOCKET sends one command line and gets "ok":
//   fail OP ERRNO TIMES     the next TIMES calls of OP fail and do nothing (0: until "clear")
//   ghost OP ERRNO TIMES    the same, but the call takes effect
//   stall OP TIMES [PART]   the next TIMES calls of OP wait until "clear" or "release"; with PART, only calls with a
//                           path segment that matches PART, a shell pattern
//   hang                    no call is answered any more
//   hide                    a file that another mount made is absent until its folder is opened here
//   age SECONDS PART        files whose path contains PART look SECONDS older
//   fold                    names that differ only in case (ASCII) find the same file; new files keep their spelling
//   clear                   ends all of these
//   release                 ends stalled calls; other faults stay
//   stalled                 "ok" while a call is stalled
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#define FUSE_USE_VERSION 35
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fuse.h>

namespace {

struct Fault {
    int error = 0;
    int left = 0;  // negative: until "clear"
    bool ghost = false;
    bool stalls = false;
    std::string part = {};  // of the path; "": any
};

class Faults {
public:
    // Returns the fault of this call, if any. Blocks while the call is stalled.
    Fault take(const std::string& op, const char* path) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !hangs_; });
        auto found = faults_.find(op);
        if (found == faults_.end() || !has(path, found->second.part)) return {};
        Fault fault = found->second;
        if (fault.left > 0 && --found->second.left == 0) faults_.erase(found);
        if (!fault.stalls) return fault;
        ++stalled_;
        changed_.wait(lock, [this, round = clears_] { return clears_ != round; });
        --stalled_;
        return {};
    }

    bool obey(const std::string& line) {
        std::istringstream words(line);
        std::string order, op, part;
        int error = 0, times = 0;
        words >> order;
        std::lock_guard lock(mutex_);
        if (order == "clear") {
            faults_.clear();
            hangs_ = hides_ = folds_ = false;
            age_ = 0;
            ++clears_;
        } else if (order == "release") {  // ends stalled calls; other faults stay
            std::erase_if(faults_, [](const auto& fault) { return fault.second.stalls; });
            ++clears_;
        } else if (order == "hang") {
            hangs_ = true;
        } else if (order == "hide") {
            hides_ = true;
        } else if (order == "age" && words >> age_) {
            words >> aged_;
        } else if (order == "fold") {
            folds_ = true;
        } else if (order == "stall" && words >> op >> times) {
            words >> part;
            faults_[op] = {0, times > 0 ? times : -1, false, true, part};
        } else if (order == "stalled") {
            return stalled_ > 0;
        } else if ((order == "fail" || order == "ghost") && words >> op >> error >> times) {
            faults_[op] = {error, times > 0 ? times : -1, order == "ghost", false};
        } else {
            return false;
        }
        changed_.notify_all();
        return true;
    }

    bool hides() {
        std::lock_guard lock(mutex_);
        return hides_;
    }

    bool folds() {
        std::lock_guard lock(mutex_);
        return folds_;
    }

    // In seconds.
    long age_of(const char* path) {
        std::lock_guard lock(mutex_);
        return has(path, aged_) ? age_ : 0;
    }

private:
    static bool has(const char* path, const std::string& part) {
        return ::fnmatch(("*" + part + "*").c_str(), path ? path : "", 0) == 0;
    }

    std::mutex mutex_;  // protects all below
    std::condition_variable changed_;
    std::map<std::string, Fault> faults_;
    bool hangs_ = false;
    bool hides_ = false;
    bool folds_ = false;
    long age_ = 0;  // in seconds, of files whose path contains aged_
    std::string aged_;
    int stalled_ = 0;  // calls that wait for "clear"
    int clears_ = 0;
};

// The names that this mount has seen: those that it created or looked up, and those that a folder had when it was
// opened.
class View {
public:
    void made(const std::string& path) {
        std::lock_guard lock(mutex_);
        own_.insert(path);
    }
    void opened(const std::string& folder) {
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        std::lock_guard lock(mutex_);
        opened_[folder] = at(now);
    }
    bool knows(const std::string& path, const struct stat& file) {
        if (!S_ISREG(file.st_mode)) return true;
        std::lock_guard lock(mutex_);
        auto opened = opened_.find(path.substr(0, path.rfind('/')));
        if (own_.count(path) == 0 && (opened == opened_.end() || at(file.st_ctim) > opened->second)) return false;
        own_.insert(path);  // a name stays known
        return true;
    }

private:
    static long long at(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

    std::mutex mutex_;  // protects all below
    std::set<std::string> own_;
    std::map<std::string, long long> opened_;
};

std::string backing;
Faults faults;
View view;

int result(long value) { return value < 0 ? -errno : static_cast<int>(value); }

template <class Call>
int with(const char* op, const char* path, Call call) {
    Fault fault = faults.take(op, path);
    if (fault.error != 0 && !fault.ghost) return -fault.error;
    int value = call();
    return fault.error != 0 ? -fault.error : value;
}

// `name` in the folder's spelling, or unchanged.
std::string spelled(const std::string& folder, const std::string& name) {
    DIR* open = ::opendir(folder.c_str());
    std::string found;
    while (const dirent* entry = open ? ::readdir(open) : nullptr)
        if (::strcasecmp(entry->d_name, name.c_str()) == 0 && (found.empty() || name == entry->d_name))
            found = entry->d_name;
    if (open) ::closedir(open);
    return found.empty() ? name : found;
}

std::string real(const char* path) {
    if (!faults.folds()) return backing + path;
    std::istringstream names(path);
    std::string at = backing;
    for (std::string name; std::getline(names, name, '/');)
        if (!name.empty()) at += "/" + spelled(at, name);
    return at;
}

bool is_hidden(const char* path) {
    struct stat found {};
    return faults.hides() && ::lstat(real(path).c_str(), &found) == 0 && !view.knows(path, found);
}

int fs_getattr(const char* path, struct stat* out, fuse_file_info* file) {
    return with("getattr", path, [&] {
        if (!file && is_hidden(path)) return -ENOENT;
        int done = result(file ? ::fstat(static_cast<int>(file->fh), out) : ::lstat(real(path).c_str(), out));
        out->st_mtim.tv_sec -= faults.age_of(path);
        out->st_ctim.tv_sec -= faults.age_of(path);
        return done;
    });
}

int keep(fuse_file_info* file, int fd) {
    if (fd < 0) return -errno;
    file->fh = static_cast<std::uint64_t>(fd);
    return 0;
}

int fs_open(const char* path, fuse_file_info* file) {
    return with("open", path, [&] {
        return is_hidden(path) ? -ENOENT : keep(file, ::open(real(path).c_str(), file->flags & ~O_DIRECT));
    });
}

int fs_create(const char* path, mode_t mode, fuse_file_info* file) {
    return with("create", path, [&] {
        view.made(path);
        return keep(file, ::open(real(path).c_str(), (file->flags & ~O_DIRECT) | O_CREAT, mode));
    });
}

int fs_read(const char* path, char* out, std::size_t size, off_t offset, fuse_file_info* file) {
    return with("read", path, [&] { return result(::pread(static_cast<int>(file->fh), out, size, offset)); });
}

int fs_write(const char* path, const char* in, std::size_t size, off_t offset, fuse_file_info* file) {
    return with("write", path, [&] { return result(::pwrite(static_cast<int>(file->fh), in, size, offset)); });
}

int fs_flush(const char* path, fuse_file_info*) {
    return with("close", path, [] { return 0; });
}

int fs_release(const char*, fuse_file_info* file) { return result(::close(static_cast<int>(file->fh))); }

int fs_fsync(const char* path, int, fuse_file_info* file) {
    return with("fsync", path, [&] { return result(::fdatasync(static_cast<int>(file->fh))); });
}

int fs_truncate(const char* path, off_t size, fuse_file_info* file) {
    return with("truncate", path, [&] {
        return result(file ? ::ftruncate(static_cast<int>(file->fh), size) : ::truncate(real(path).c_str(), size));
    });
}

int fs_rename(const char* from, const char* to, unsigned flags) {
    return with("rename", from, [&] {
        view.made(to);
        return result(::renameat2(AT_FDCWD, real(from).c_str(), AT_FDCWD, real(to).c_str(), flags));
    });
}

int fs_unlink(const char* path) {
    return with("unlink", path, [&] { return result(::unlink(real(path).c_str())); });
}

int fs_mkdir(const char* path, mode_t mode) {
    return with("mkdir", path, [&] { return result(::mkdir(real(path).c_str(), mode)); });
}

int fs_rmdir(const char* path) {
    return with("rmdir", path, [&] { return result(::rmdir(real(path).c_str())); });
}

int fs_opendir(const char* path, fuse_file_info*) {
    return with("opendir", path, [&] {
        view.opened(std::string(path) == "/" ? "" : path);
        return result(::access(real(path).c_str(), R_OK));
    });
}

int fs_readdir(const char* path, void* out, fuse_fill_dir_t fill, off_t, fuse_file_info*, fuse_readdir_flags) {
    return with("readdir", path, [&] {
        DIR* folder = ::opendir(real(path).c_str());
        if (!folder) return -errno;
        while (const dirent* entry = ::readdir(folder)) fill(out, entry->d_name, nullptr, 0, fuse_fill_dir_flags{});
        ::closedir(folder);
        return 0;
    });
}

int fs_fsyncdir(const char* path, int, fuse_file_info*) {
    return with("fsyncdir", path, [] { return 0; });
}

int fs_utimens(const char* path, const timespec times[2], fuse_file_info*) {
    return with("utimens", path,
                [&] { return result(::utimensat(AT_FDCWD, real(path).c_str(), times, AT_SYMLINK_NOFOLLOW)); });
}

int fs_chmod(const char* path, mode_t mode, fuse_file_info*) {
    return with("chmod", path, [&] { return result(::chmod(real(path).c_str(), mode)); });
}

int fs_statfs(const char* path, struct statvfs* out) {
    return with("statfs", path, [&] { return result(::statvfs(real(path).c_str(), out)); });
}

// Only the pages of files are cached: every look-up comes here.
void* fs_init(fuse_conn_info*, fuse_config* config) {
    config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
    config->hard_remove = 1;
    return nullptr;
}

void listen_for_orders(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 8) != 0) {
        std::perror("faulty-fs: its socket");
        std::exit(1);
    }
    std::thread([listener] {
        for (;;) {
            int client = ::accept(listener, nullptr, nullptr);
            char line[256];
            ssize_t size = client >= 0 ? ::read(client, line, sizeof line) : -1;
            bool done = size > 0 && faults.obey(std::string(line, static_cast<std::size_t>(size)));
            if (client >= 0 && ::write(client, done ? "ok\n" : "no\n", 3) != 3) std::perror("faulty-fs: an answer");
            if (client >= 0) ::close(client);
        }
    }).detach();
}

fuse_operations operations() {
    fuse_operations all{};
    all.init = fs_init;
    all.getattr = fs_getattr;
    all.open = fs_open;
    all.create = fs_create;
    all.read = fs_read;
    all.write = fs_write;
    all.flush = fs_flush;
    all.release = fs_release;
    all.fsync = fs_fsync;
    all.truncate = fs_truncate;
    all.rename = fs_rename;
    all.unlink = fs_unlink;
    all.mkdir = fs_mkdir;
    all.rmdir = fs_rmdir;
    all.opendir = fs_opendir;
    all.readdir = fs_readdir;
    all.fsyncdir = fs_fsyncdir;
    all.utimens = fs_utimens;
    all.chmod = fs_chmod;
    all.statfs = fs_statfs;
    return all;
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) {
        std::fputs("usage: faulty-fs BACKING MOUNTPOINT SOCKET\n", stderr);
        return 2;
    }
    backing = words[1];
    listen_for_orders(words[3]);
    fuse_operations all = operations();
    std::string program = words[0], foreground = "-f", threads = "-omax_threads=64", mountpoint = words[2];
    char* arguments[] = {program.data(), foreground.data(), threads.data(), mountpoint.data(), nullptr};
    return fuse_main(4, arguments, &all, nullptr);
}
