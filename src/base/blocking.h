// Tells who counts the threads at work that this one waits for something outside: another may work meanwhile.
//
//   { const base::Blocking waits; rows = ask_the_server(); }
//
// Free where nobody counts. Nested ones count once.
#pragma once

#include <cstdint>

namespace bodega::base {

class Blocking {
public:
    // Who counts; per thread.
    class Watcher {
    public:
        virtual void begin_blocking() noexcept = 0;
        // aside: it may be long, so a further thread may work in its stead.
        virtual void begin_aside() noexcept {}
        virtual void end_aside() noexcept {}
        virtual void end_blocking() noexcept = 0;

    protected:
        ~Watcher() = default;
    };
    static void watch_this_thread(Watcher* watcher) noexcept;  // nullptr: nobody

    // aside: for seconds. Whoever waits so bounds how many do.
    enum class Kind : std::uint8_t { brief, aside };

    explicit Blocking(Kind kind = Kind::brief) noexcept;
    ~Blocking();
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

private:
    const Kind kind_;
};

}  // namespace bodega::base
