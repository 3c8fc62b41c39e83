// A mutex, its scoped locks and its condition variable. They wrap the standard library's, and add clang's annotations
// (base/thread_annotations.h), which libstdc++'s classes lack. If a field says GUARDED_BY(mutex_), code that uses the
// field without the mutex does not compile. Only this file and base/shared_mutex.h may use the standard library's
// classes; `make check` proves it.
//
//   class Queue {
//   public:
//       void push(int value) {
//           const base::MutexLock lock(mutex_);
//           values_.push_back(value);
//           pushed_.notify_one();
//       }
//       int pop() {
//           const base::MutexLock lock(mutex_);
//           pushed_.wait(mutex_, [this]() REQUIRES(mutex_) { return !values_.empty(); });
//           …
//       }
//
//   private:
//       base::Mutex mutex_;
//       base::Condition pushed_;
//       std::deque<int> values_ GUARDED_BY(mutex_);
//   };
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/thread_annotations.h"

namespace bodega::base {

// Not recursive.
class CAPABILITY("mutex") Mutex {
public:
    constexpr Mutex() noexcept = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() ACQUIRE() { mutex_.lock(); }
    void unlock() RELEASE() { mutex_.unlock(); }
    bool try_lock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }

private:
    friend class Condition;
    std::mutex mutex_;
};

// Locks a mutex until the end of the scope. unlock() releases it earlier, and lock() locks it again.
class SCOPED_CAPABILITY [[nodiscard]] MutexLock {
public:
    explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex.lock(); }
    // Takes over a mutex that this thread has locked already, for example by try_lock().
    MutexLock(Mutex& mutex, std::adopt_lock_t) REQUIRES(mutex) : mutex_(mutex) {}
    ~MutexLock() RELEASE() {
        if (held_) mutex_.unlock();
    }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void lock() ACQUIRE() {
        mutex_.lock();
        held_ = true;
    }
    void unlock() RELEASE() {
        held_ = false;
        mutex_.unlock();
    }

private:
    Mutex& mutex_;
    bool held_ = true;
};

// The opposite of MutexLock: unlocks a locked mutex, and locks it again at the end of the scope, also when an exception
// ends the scope. For functions that REQUIRE the mutex.
class SCOPED_CAPABILITY [[nodiscard]] MutexUnlock {
public:
    explicit MutexUnlock(Mutex& mutex) RELEASE(mutex) : mutex_(mutex) { mutex.unlock(); }
    // Clang's annotation for the end of every scoped lock object is RELEASE, although this one locks the mutex.
    ~MutexUnlock() RELEASE() { mutex_.lock(); }
    MutexUnlock(const MutexUnlock&) = delete;
    MutexUnlock& operator=(const MutexUnlock&) = delete;

private:
    Mutex& mutex_;
};

// A condition variable. A wait unlocks the mutex and locks it again before it returns. A wait may wake up without a
// notification; a wait with a predicate then continues to wait. The predicate is called with the mutex locked.
class Condition {
public:
    void notify_one() noexcept { condition_.notify_one(); }
    void notify_all() noexcept { condition_.notify_all(); }

    void wait(Mutex& mutex) REQUIRES(mutex) {
        Adopted adopted(mutex.mutex_);
        condition_.wait(adopted.lock);
    }

    template <class Predicate>
    void wait(Mutex& mutex, Predicate holds) REQUIRES(mutex) {
        Adopted adopted(mutex.mutex_);
        condition_.wait(adopted.lock, std::move(holds));
    }

    // Returns false if the wait ended because `time` has passed.
    template <class Clock, class Duration>
    bool wait_until(Mutex& mutex, const std::chrono::time_point<Clock, Duration>& time) REQUIRES(mutex) {
        Adopted adopted(mutex.mutex_);
        return condition_.wait_until(adopted.lock, time) == std::cv_status::no_timeout;
    }

    // Returns the last result of the predicate. False means that `time` has passed and the predicate is still false.
    template <class Clock, class Duration, class Predicate>
    bool wait_until(Mutex& mutex, const std::chrono::time_point<Clock, Duration>& time, Predicate holds)
        REQUIRES(mutex) {
        Adopted adopted(mutex.mutex_);
        return condition_.wait_until(adopted.lock, time, std::move(holds));
    }

    template <class Rep, class Period, class Predicate>
    bool wait_for(Mutex& mutex, const std::chrono::duration<Rep, Period>& limit, Predicate holds) REQUIRES(mutex) {
        Adopted adopted(mutex.mutex_);
        return condition_.wait_for(adopted.lock, limit, std::move(holds));
    }

private:
    // Wraps the caller's locked mutex in the std::unique_lock that std::condition_variable requires. The destructor
    // leaves the mutex locked.
    struct Adopted {
        explicit Adopted(std::mutex& mutex) : lock(mutex, std::adopt_lock) {}
        ~Adopted() { lock.release(); }
        Adopted(const Adopted&) = delete;
        Adopted& operator=(const Adopted&) = delete;

        std::unique_lock<std::mutex> lock;
    };

    std::condition_variable condition_;
};

}  // namespace bodega::base
