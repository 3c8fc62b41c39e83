#include "app/uploads/upload_moves.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "app/uploads/upload_move.h"
#include "base/log.h"

namespace bodega::app {

bool UploadMoves::begin(const Services& services, std::unique_ptr<UploadLease> lease) {
    const base::MutexLock lock(mutex_);
    clear_old();
    if (stopping_ || moves_.size() >= kMax) return false;
    auto move = std::make_unique<Move>();
    Move& slot = *move;
    moves_.push_back(std::move(move));
    try {
        // The new thread may end at once. It can't set `over` before slot.thread is set, since this function holds the
        // lock until then.
        auto held = std::make_shared<std::unique_ptr<UploadLease>>(std::move(lease));
        slot.thread = std::thread([this, &services, held, &slot] { run(services, std::move(*held), slot); });
    } catch (const std::system_error& error) {
        base::log::warn("uploads", "could not start a thread to move an upload", {{"reason", error.what()}});
        moves_.pop_back();
        return false;
    }
    return true;
}

void UploadMoves::run(const Services& services, std::unique_ptr<UploadLease> lease, Move& move) {
    copy(services, *lease);
    lease.reset();
    const base::MutexLock lock(mutex_);
    move.over = true;
}

void UploadMoves::copy(const Services& services, UploadLease& lease) {
    const base::Ulid id = lease.upload().id;
    try {
        move_away(services, lease, [this] { return !is_stopping(); });
    } catch (const base::Error& error) {
        base::log::warn("uploads", "could not move an upload away from a lost server",
                        {{"upload", id.text()}, {"reason", error.what()}});
        const base::MutexLock lock(mutex_);
        failures_.insert_or_assign(id, Failure{error, base::Steady::now()});
    } catch (const std::exception& error) {
        base::log::error("uploads", "could not move an upload", {{"reason", error.what()}});
    }
}

std::optional<base::Error> UploadMoves::take_failure(const base::Ulid& upload) {
    const base::MutexLock lock(mutex_);
    clear_old();
    auto found = failures_.extract(upload);
    return found ? std::optional(found.mapped().error) : std::nullopt;
}

void UploadMoves::clear_old() {
    std::erase_if(moves_, [](const std::unique_ptr<Move>& move) {
        // No deadlock: a thread that has set `over` does not take the lock again.
        if (move->over) move->thread.join();
        return move->over;
    });
    const auto limit = base::Steady::now() - kMemory;
    std::erase_if(failures_, [&](const auto& failure) { return failure.second.at < limit; });
}

bool UploadMoves::is_stopping() const {
    const base::MutexLock lock(mutex_);
    return stopping_;
}

void UploadMoves::stop() {
    std::vector<std::unique_ptr<Move>> moves;
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
        moves.swap(moves_);
    }
    for (const std::unique_ptr<Move>& move : moves) move->thread.join();
}

}  // namespace bodega::app
