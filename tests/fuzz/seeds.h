// The seeds of a fuzz target: the tests' vectors, written to its corpus folder when it starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::fuzz {

// Each target defines its seeds.
std::vector<std::string> seeds();

// The oracle of every target: prints the violation and aborts, so that the fuzzer keeps the input.
void require(bool holds, std::string_view what);

// A place to split `bytes`, which the fuzzer chooses by their last byte; removes that byte.
std::size_t take_cut(std::string_view& bytes) noexcept;

}  // namespace bodega::fuzz
