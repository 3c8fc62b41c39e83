#include "fuzz/seeds.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace bodega::fuzz {

void require(bool holds, std::string_view what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

std::size_t take_cut(std::string_view& bytes) noexcept {
    if (bytes.empty()) return 0;
    auto wanted = static_cast<std::size_t>(static_cast<unsigned char>(bytes.back()));
    bytes.remove_suffix(1);
    return bytes.empty() ? 0 : wanted % (bytes.size() + 1);
}

}  // namespace bodega::fuzz

// Called first with the command line, whose first word that is no flag is the corpus folder.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    for (int i = 1; i < *argc; ++i) {
        std::string folder = (*argv)[i];
        if (folder.starts_with('-')) continue;
        int number = 0;
        for (const std::string& seed : bodega::fuzz::seeds())
            std::ofstream(folder + "/seed-" + std::to_string(number++), std::ios::binary) << seed;
        break;
    }
    return 0;
}
