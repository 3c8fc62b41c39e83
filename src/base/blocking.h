// Tells who counts the threads at work that this one waits for something outside: another may work meanwhile.
//
//   { const base::Blocking waits; rows = ask_the_server(); }
//
// Free where nobody counts. Nested ones count once.
#pragma once

namespace bodega::base {

class Blocking {
public:
    // Who counts; per thread.
    class Watcher {
    public:
        virtual void begin_blocking() noexcept = 0;
        virtual void end_blocking() noexcept = 0;

    protected:
        ~Watcher() = default;
    };
    static void watch_this_thread(Watcher* watcher) noexcept;  // nullptr: nobody

    Blocking() noexcept;
    ~Blocking();
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;
};

}  // namespace bodega::base
