#include "app/tree/file_date.h"

#include <string>

#include "base/error.h"

namespace bodega::app {
namespace {

constexpr base::Milliseconds kFirst = -2'208'988'800'000;  // 1900-01-01T00:00:00Z
constexpr base::Milliseconds kLast = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

}  // namespace

bool is_file_date(base::Milliseconds date) noexcept { return date >= kFirst && date <= kLast; }

void require_file_date(std::string_view field, base::Milliseconds date) {
    if (is_file_date(date)) return;
    throw base::Error(base::Code::invalid, "The date in \"" + std::string(field) +
                                               "\" is out of range. Give one of the years 1900 to 9999.");
}

}  // namespace bodega::app
