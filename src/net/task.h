// Task<T> is a coroutine that another coroutine awaits. Detached is a coroutine that owns itself.
//
// A Task starts when it is awaited, and resumes its awaiter when it ends; exceptions propagate to the awaiter. Its
// frame is destroyed with the Task. Take parameters by value, or from an owner that outlives the frame.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace bodega::net {

template <class T>
class [[nodiscard]] Task;

namespace detail {

class TaskPromise {
public:
    struct Final {
        bool await_ready() const noexcept { return false; }
        template <class P>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) const noexcept {
            return self.promise().awaiter_;
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    Final final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error_ = std::current_exception(); }
    void set_awaiter(std::coroutine_handle<> awaiter) noexcept { awaiter_ = awaiter; }

protected:
    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

private:
    std::coroutine_handle<> awaiter_ = std::noop_coroutine();
    std::exception_ptr error_;
};

template <class T>
class Promise : public TaskPromise {
public:
    Task<T> get_return_object() noexcept;
    void return_value(T value) { value_.emplace(std::move(value)); }
    T take() {
        rethrow();
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class Promise<void> : public TaskPromise {
public:
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const { rethrow(); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (handle_) handle_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        handle_.promise().set_awaiter(awaiter);
        return handle_;
    }
    T await_resume() { return handle_.promise().take(); }

private:
    Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> detail::Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

// Completes at once. For a function that has to return a Task but has nothing to wait for.
inline Task<void> nothing() { co_return; }

// Starts at once and frees itself at its end. Its body must catch all exceptions, because an uncaught exception ends
// the process.
struct Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};

}  // namespace bodega::net
