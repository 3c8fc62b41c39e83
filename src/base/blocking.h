// Marks a wait for something outside the process (a database, a disk), so that the thread pool can let another thread
// work meanwhile.
//
//   { const base::Blocking waits; rows = ask_the_server(); }
//
// Costs nothing on a thread without a watcher. Nested waits count as one.
#pragma once

#include <cstdint>

namespace bodega::base {

class Blocking {
public:
    // Is told when its thread begins and ends a wait. Each thread has its own Watcher, and only that thread calls it.
    class Watcher {
    public:
        virtual void begin_blocking() noexcept = 0;
        // Called at the start of a wait of Kind::aside. The wait may take seconds, so the thread pool may let another
        // thread work in place of this one.
        virtual void begin_aside() noexcept {}
        virtual void end_aside() noexcept {}
        virtual void end_blocking() noexcept = 0;

    protected:
        ~Watcher() = default;
    };
    static void watch_this_thread(Watcher* watcher) noexcept;  // nullptr: removes the watcher

    // aside: the wait may take seconds. The caller must limit how many threads are in a wait of this kind.
    enum class Kind : std::uint8_t { brief, aside };

    explicit Blocking(Kind kind = Kind::brief) noexcept;
    ~Blocking();
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

private:
    const Kind kind_;
};

}  // namespace bodega::base
