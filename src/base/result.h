// A value, or the reason why it is absent. For functions whose failures their callers expect.
//
//   base::Result<Lease, Unavailable> lease = pool.acquire_now(wakeup);
//   if (lease.failed_with(Unavailable::busy)) …
//   if (lease) lease->keep();
//
// Result is the part of C++23's std::expected that is needed here.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace bodega::base {

template <class T, class E>
class [[nodiscard]] Result {
    static_assert(std::is_enum_v<E> && !std::is_same_v<T, E>);

public:
    template <class U = T>
        requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                 !std::is_same_v<std::remove_cvref_t<U>, E>)
    Result(U&& value) : held_(std::in_place_index<0>, std::forward<U>(value)) {}
    Result(E error) noexcept : held_(std::in_place_index<1>, error) {}

    explicit operator bool() const noexcept { return held_.index() == 0; }
    bool failed_with(E error) const noexcept {
        const E* held = std::get_if<1>(&held_);
        return held && *held == error;
    }

    // Requires: there is a value.
    T& operator*() noexcept { return *std::get_if<0>(&held_); }
    const T& operator*() const noexcept { return *std::get_if<0>(&held_); }
    T* operator->() noexcept { return std::get_if<0>(&held_); }
    const T* operator->() const noexcept { return std::get_if<0>(&held_); }

    E error() const noexcept { return *std::get_if<1>(&held_); }  // Requires: there is no value.

private:
    std::variant<T, E> held_;
};

}  // namespace bodega::base
