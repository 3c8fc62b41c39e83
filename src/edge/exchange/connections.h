// The connections of one loop, in two lists. One list has all connections, so that they can be drained or cut. The
// other list has the idle connections, the longest idle one first.
#pragma once

#include <cstddef>

namespace bodega::edge {

class Connections {
public:
    class Member {
    public:
        Member() noexcept = default;
        Member(const Member&) = delete;
        Member& operator=(const Member&) = delete;

        virtual void cut() noexcept = 0;          // ends the connection at once, in any state
        virtual void end_if_idle() noexcept = 0;  // closes the connection if no request has begun
        // tells the client that the connection will close, if the protocol allows it
        virtual void begin_drain() noexcept {}
        // wakes the handlers of the connection, which then check the loop's state and settings
        virtual void wake_all() noexcept {}
        virtual std::size_t held() const noexcept { return 0; }  // number of bytes of memory that cut() would free

    protected:
        virtual ~Member() = default;

    private:
        friend class Connections;
        struct Links {
            Member* previous = nullptr;
            Member* next = nullptr;
        };
        Links all_;
        Links idle_;
        bool is_idle_ = false;
    };

    void add(Member& member) noexcept;
    void remove(Member& member) noexcept;
    void mark_idle(Member& member) noexcept;  // adds the connection to the end of the idle list
    void mark_busy(Member& member) noexcept;

    std::size_t size() const noexcept { return size_; }
    void cut_all() noexcept;
    void end_idle() noexcept;
    void begin_drain() noexcept;
    void wake_all() noexcept;
    // Ends the connection that has been idle longest. Returns false if no connection is idle.
    bool end_longest_idle() noexcept;
    // Cuts the connection that holds the most bytes, so that the others can be served. Returns false if no connection
    // holds at least `least` bytes.
    bool cut_largest(std::size_t least) noexcept;

private:
    struct List {
        Member* first = nullptr;
        Member* last = nullptr;
    };
    template <Member::Links Member::*Link>
    static void append(List& list, Member& member) noexcept;
    template <Member::Links Member::*Link>
    static void unlink(List& list, Member& member) noexcept;

    List all_;
    List idle_;
    std::size_t size_ = 0;
};

}  // namespace bodega::edge
