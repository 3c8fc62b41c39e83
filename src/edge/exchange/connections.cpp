#include "edge/exchange/connections.h"

namespace bodega::edge {

template <Connections::Member::Links Connections::Member::*Link>
void Connections::append(List& list, Member& member) noexcept {
    (member.*Link).previous = list.last;
    (member.*Link).next = nullptr;
    (list.last ? (list.last->*Link).next : list.first) = &member;
    list.last = &member;
}

template <Connections::Member::Links Connections::Member::*Link>
void Connections::unlink(List& list, Member& member) noexcept {
    Member::Links& links = member.*Link;
    (links.previous ? (links.previous->*Link).next : list.first) = links.next;
    (links.next ? (links.next->*Link).previous : list.last) = links.previous;
}

void Connections::add(Member& member) noexcept {
    append<&Member::all_>(all_, member);
    ++size_;
}

void Connections::remove(Member& member) noexcept {
    mark_busy(member);
    unlink<&Member::all_>(all_, member);
    --size_;
}

void Connections::mark_idle(Member& member) noexcept {
    mark_busy(member);
    member.is_idle_ = true;
    append<&Member::idle_>(idle_, member);
}

void Connections::mark_busy(Member& member) noexcept {
    if (!member.is_idle_) return;
    member.is_idle_ = false;
    unlink<&Member::idle_>(idle_, member);
}

void Connections::cut_all() noexcept {
    for (Member* member = all_.first; member; member = member->all_.next) member->cut();
}

void Connections::end_idle() noexcept {
    for (Member* member = all_.first; member; member = member->all_.next) member->end_if_idle();
}

void Connections::begin_drain() noexcept {
    for (Member* member = all_.first; member; member = member->all_.next) member->begin_drain();
}

void Connections::wake_all() noexcept {
    for (Member* member = all_.first; member; member = member->all_.next) member->wake_all();
}

bool Connections::cut_largest(std::size_t least) noexcept {
    Member* largest = nullptr;
    for (Member* member = all_.first; member; member = member->all_.next) {
        if (member->held() < least) continue;
        least = member->held();
        largest = member;
    }
    if (largest) largest->cut();
    return largest != nullptr;
}

bool Connections::end_longest_idle() noexcept {
    Member* member = idle_.first;
    if (!member) return false;
    mark_busy(*member);
    member->end_if_idle();
    return true;
}

}  // namespace bodega::edge
