// A mutex that several readers can lock at the same time, or one writer. It is annotated like base/mutex.h.
#pragma once

#include <shared_mutex>

#include "base/thread_annotations.h"

namespace bodega::base {

// Not recursive, in either mode.
class CAPABILITY("mutex") SharedMutex {
public:
    SharedMutex() = default;
    SharedMutex(const SharedMutex&) = delete;
    SharedMutex& operator=(const SharedMutex&) = delete;

    void lock() ACQUIRE() { mutex_.lock(); }
    void unlock() RELEASE() { mutex_.unlock(); }
    void lock_shared() ACQUIRE_SHARED() { mutex_.lock_shared(); }
    void unlock_shared() RELEASE_SHARED() { mutex_.unlock_shared(); }

private:
    std::shared_mutex mutex_;
};

// Locks a SharedMutex for writing, until the end of the scope.
class SCOPED_CAPABILITY [[nodiscard]] WriteLock {
public:
    explicit WriteLock(SharedMutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex.lock(); }
    ~WriteLock() RELEASE() { mutex_.unlock(); }
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

private:
    SharedMutex& mutex_;
};

// Locks a SharedMutex for reading, until the end of the scope.
class SCOPED_CAPABILITY [[nodiscard]] ReadLock {
public:
    explicit ReadLock(SharedMutex& mutex) ACQUIRE_SHARED(mutex) : mutex_(mutex) { mutex.lock_shared(); }
    ~ReadLock() RELEASE() { mutex_.unlock_shared(); }
    ReadLock(const ReadLock&) = delete;
    ReadLock& operator=(const ReadLock&) = delete;

private:
    SharedMutex& mutex_;
};

}  // namespace bodega::base
