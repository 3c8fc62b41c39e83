#include "edge/files/blob_folder.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "support/temp_folder.h"

namespace bodega::edge {
namespace {

namespace fs = std::filesystem;
using Status = OpenFile::Status;
using Waiting = BlobFolder::Waiting;

// Makes openat2(2) fail on this thread: ENOSYS as before Linux 5.6, and for RESOLVE_CACHED EINVAL as before 5.12. The
// filter stays until the thread ends.
bool refuse_openat2(int error) {
    std::vector<sock_filter> program{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

struct Tree {
    Tree() {
        fs::create_directories(root / "aa/bb");
        std::ofstream(root / "aa/bb/file") << "seven b";
        std::ofstream(base.path() + "/outside") << "no";
        fs::create_symlink("file", root / "aa/bb/link");
        fs::create_symlink("bb", root / "aa/folder-link");
        fs::create_symlink("../../../outside", root / "aa/bb/out");
        fs::create_directory(root / "aa/bb/folder");
    }

    test::TempFolder base;
    const fs::path root = fs::path(base.path()) / "root";
};

void check_tree(const BlobFolder& folder) {
    const OpenFile file = folder.open("aa/bb/file", Waiting::yes);
    CHECK(file.status == Status::ready);
    CHECK(file.size == 7);
    CHECK(file.identity == folder.identify("aa/bb/file"));
    for (const char* other : {"aa/bb/link", "aa/folder-link/file", "aa/bb/out", "aa/bb/folder", "aa/bb/none",
                              "aa/none/file", "aa/bb/file/below", "none"}) {
        INFO(other);
        CHECK(folder.open(other, Waiting::yes).status == Status::absent);
    }
}

// Runs `test` on a thread whose openat2 fails like that; returns false where no filter can be installed.
template <class Test>
bool on_old_kernel(int error, Test test) {
    bool could = false;
    std::thread([&] {
        could = refuse_openat2(error);
        if (could) test();
    }).join();
    return could;
}

TEST_CASE("blob folder: opens files below it and follows no link", "[edge]") {
    Tree tree;
    check_tree(BlobFolder(tree.root.string(), BlobFolder::Names::any));
}

TEST_CASE("blob folder: the same on a kernel without openat2", "[edge]") {
    Tree tree;
    if (!on_old_kernel(ENOSYS, [&] {
            BlobFolder folder(tree.root.string(), BlobFolder::Names::any);
            check_tree(folder);
            CHECK(folder.open("aa/bb/file", Waiting::no).status == Status::would_block);
        })) {
        SKIP("no filter of system calls can be made here");
    }
}

TEST_CASE("blob folder: without RESOLVE_CACHED an open that may not wait would block", "[edge]") {
    Tree tree;
    if (!on_old_kernel(EINVAL, [&] {
            BlobFolder folder(tree.root.string(), BlobFolder::Names::any);
            static_cast<void>(folder.open("aa/bb/file", Waiting::yes));  // the root is open now
            CHECK(folder.open("aa/bb/file", Waiting::no).status == Status::would_block);
        })) {
        SKIP("no filter of system calls can be made here");
    }
}

}  // namespace
}  // namespace bodega::edge
