// The connections of one loop: a list to drain and cut them, and the idle ones in the order in which they fell idle.
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

        virtual void cut() noexcept = 0;          // ends at once, whatever it does
        virtual void end_if_idle() noexcept = 0;  // closes if no request has begun
        virtual void begin_drain() noexcept {}    // tells its client, where the protocol can, that the end is near
        virtual void look_around() noexcept {}    // wakes its exchanges: the worker has changed
        virtual std::size_t held() const noexcept { return 0; }  // bytes, of what it can be made to give back

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
    void mark_idle(Member& member) noexcept;  // now the last to have fallen idle
    void mark_busy(Member& member) noexcept;

    std::size_t size() const noexcept { return size_; }
    void cut_all() noexcept;
    void end_idle() noexcept;
    void begin_drain() noexcept;
    void look_around() noexcept;
    // Ends the one that has been idle for longest; false if none is.
    bool end_longest_idle() noexcept;
    // Cuts the one that holds most, so that all others can be served; false if none holds `least` bytes.
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
