#include "app/uploads/held_uploads.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <set>

#include "support/temp_folder.h"

namespace bodega::app {
namespace {

constexpr std::uint64_t kDevice = 7;

// A process that holds uploads until it is killed.
class Holder {
public:
    Holder(const std::string& folder, const std::vector<HeldUploads::Held>& held, const base::Ulid& released) {
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            HeldUploads uploads(folder, kDevice);
            for (const HeldUploads::Held& one : held) uploads.add(one);
            uploads.remove(released);
            if (::write(ready[1], "x", 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        char byte = 0;
        REQUIRE(::read(ready[0], &byte, 1) == 1);
        ::close(ready[0]);
        ::close(ready[1]);
    }
    ~Holder() { kill(); }

    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    pid_t pid_ = 0;
};

std::set<base::Ulid> holders(const HeldUploads::Gone& gone) {
    std::set<base::Ulid> out;
    for (const HeldUploads::Held& held : gone.held) out.insert(held.holder);
    return out;
}

TEST_CASE("the uploads of a process are taken over once it is gone, and not before", "[base]") {
    test::TempFolder folder;
    const std::string path = folder / "uploading";
    std::vector<HeldUploads::Held> held;
    for (int i = 0; i < 5; ++i) held.push_back({base::Ulid::make(), base::Ulid::make()});
    HeldUploads mine(path, kDevice);
    mine.add({base::Ulid::make(), base::Ulid::make()});
    Holder other(path, held, held[2].holder);
    CHECK(mine.gone().files.empty());
    other.kill();
    const HeldUploads::Gone gone = mine.gone();
    CHECK(holders(gone) == std::set<base::Ulid>{held[0].holder, held[1].holder, held[3].holder, held[4].holder});
    HeldUploads::forget(gone);
    CHECK(mine.gone().files.empty());
}

TEST_CASE("uploads from another mount are not taken over, because its cache is another", "[base]") {
    test::TempFolder folder;
    const std::string path = folder / "uploading";
    Holder other(path, {{base::Ulid::make(), base::Ulid::make()}}, base::Ulid{});
    other.kill();
    HeldUploads mine(path, kDevice + 1);
    CHECK(mine.gone().held.empty());
    CHECK(mine.gone().files.size() == 1);
}

TEST_CASE("a released upload's place in the file is used again, and a clean end removes the file", "[base]") {
    test::TempFolder folder;
    const std::string path = folder / "uploading";
    {
        HeldUploads mine(path, kDevice);
        for (int i = 0; i < 1000; ++i) {
            base::Ulid holder = base::Ulid::make();
            mine.add({base::Ulid::make(), holder});
            mine.remove(holder);
        }
        const std::filesystem::directory_entry file = *std::filesystem::directory_iterator(path);
        CHECK(file.file_size() < 200);
    }
    CHECK(std::filesystem::is_empty(path));
}

}  // namespace
}  // namespace bodega::app
