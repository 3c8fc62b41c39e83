// The connections of one loop: a list to drain and cut them, and a list of the idle ones, longest idle first.
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

        virtual void cut() noexcept = 0;          // ends at once, in any state
        virtual void end_if_idle() noexcept = 0;  // closes if no request has begun
        virtual void begin_drain() noexcept {}  // tells the client that the connection will close, if the protocol can
        virtual void wake_all() noexcept {}     // wakes its exchanges: the loop's settings or state have changed
        virtual std::size_t held() const noexcept { return 0; }  // bytes held that a cut would free

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
    void mark_idle(Member& member) noexcept;  // now the most recent idle one
    void mark_busy(Member& member) noexcept;

    std::size_t size() const noexcept { return size_; }
    void cut_all() noexcept;
    void end_idle() noexcept;
    void begin_drain() noexcept;
    void wake_all() noexcept;
    // Ends the connection that has been idle longest; false if none is idle.
    bool end_longest_idle() noexcept;
    // Cuts the connection that holds most, so that the others can be served; false if none holds `least` bytes.
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
