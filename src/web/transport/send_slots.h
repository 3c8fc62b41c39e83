// Limits how many threads may wait at once for clients that read an answer slowly. Only files and large answers take a
// slot. With any other answer, the connection is parked (Acceptor::park_sending) and holds no thread. Thread-safe.
#pragma once

#include <atomic>

namespace bodega::web {

class SendSlots {
public:
    explicit SendSlots(int max) noexcept : max_(max) {}

    class Held {
    public:
        explicit Held(SendSlots& slots) noexcept : slots_(slots), ok_(++slots.taken_ <= slots.max_) {}
        ~Held() { --slots_.taken_; }
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;

        explicit operator bool() const noexcept { return ok_; }  // false if all slots are in use

    private:
        SendSlots& slots_;
        const bool ok_;
    };

private:
    const int max_;
    std::atomic<int> taken_{0};
};

}  // namespace bodega::web
