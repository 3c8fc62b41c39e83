// What a fuzz target begins from: the tests' own vectors, written to its corpus folder when it starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::fuzz {

// In each target: its seeds.
std::vector<std::string> seeds();

// The oracle of every target: prints what went wrong and aborts, which the fuzzer keeps the input of.
void require(bool holds, std::string_view what);

// A place to cut `bytes`, which the fuzzer chooses by their last byte; takes that one off.
std::size_t take_cut(std::string_view& bytes) noexcept;

}  // namespace bodega::fuzz
