#include "app/uploads/upload_moves.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "app/uploads/upload_move.h"
#include "base/log.h"

namespace bodega::app {

bool UploadMoves::begin(const Services& services, std::unique_ptr<UploadLease> lease) {
    std::lock_guard lock(mutex_);
    clear_old();
    if (stopping_ || moves_.size() >= kMost) return false;
    auto move = std::make_unique<Move>();
    Move& place = *move;
    moves_.push_back(std::move(move));
    try {
        // The lock is held until the thread is in its place.
        auto held = std::make_shared<std::unique_ptr<UploadLease>>(std::move(lease));
        place.thread = std::thread([this, &services, held, &place] { run(services, std::move(*held), place); });
    } catch (const std::system_error& error) {
        base::log::warn("uploads", "no thread could be made", {{"reason", error.what()}});
        moves_.pop_back();
        return false;
    }
    return true;
}

void UploadMoves::run(const Services& services, std::unique_ptr<UploadLease> lease, Move& move) {
    copy(services, *lease);
    lease.reset();
    std::lock_guard lock(mutex_);
    move.over = true;
}

void UploadMoves::copy(const Services& services, UploadLease& lease) {
    const base::Ulid id = lease.upload().id;
    try {
        move_away(services, lease, [this] { return !is_stopping(); });
    } catch (const base::Error& error) {
        base::log::warn("uploads", "an upload could not be moved away from a server that was lost",
                        {{"upload", id.text()}, {"reason", error.what()}});
        std::lock_guard lock(mutex_);
        failures_.insert_or_assign(id, Failure{error, base::Steady::now()});
    } catch (const std::exception& error) {
        base::log::error("uploads", "an upload could not be moved", {{"reason", error.what()}});
    }
}

std::optional<base::Error> UploadMoves::take_failure(const base::Ulid& upload) {
    std::lock_guard lock(mutex_);
    clear_old();
    auto found = failures_.extract(upload);
    return found ? std::optional(found.mapped().error) : std::nullopt;
}

// Requires mutex_.
void UploadMoves::clear_old() {
    std::erase_if(moves_, [](const std::unique_ptr<Move>& move) {
        if (move->over) move->thread.join();  // it has left the lock for the last time
        return move->over;
    });
    const auto limit = base::Steady::now() - kMemory;
    std::erase_if(failures_, [&](const auto& failure) { return failure.second.at < limit; });
}

bool UploadMoves::is_stopping() const {
    std::lock_guard lock(mutex_);
    return stopping_;
}

void UploadMoves::stop() {
    std::vector<std::unique_ptr<Move>> moves;
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        moves.swap(moves_);
    }
    for (const std::unique_ptr<Move>& move : moves) move->thread.join();
}

}  // namespace bodega::app
