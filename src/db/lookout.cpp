#include "db/lookout.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace bodega::db {
namespace {

using base::Steady;
using std::chrono::milliseconds;

// Together less than what a call may wait: who is told goes on to say so to its own caller.
constexpr milliseconds kLook{200}, kLong{250}, kSilence{1000};
constexpr Sql kOne{"lookout.ask", "SELECT 1"};

Source impatient(Source source) {
    source.connect_timeout = kSilence;
    source.read_timeout = kSilence;
    return source;
}

}  // namespace

Lookout::Lookout(Source source, Oldest oldest, Cut cut)
    : source_(impatient(std::move(source))),
      oldest_(std::move(oldest)),
      cut_(std::move(cut)),
      thread_([this] { run(); }) {}

Lookout::~Lookout() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void Lookout::run() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, kLook, [this] { return over_; })) {
        lock.unlock();
        const auto since = oldest_();
        if (!since) connection_.reset();
        if (since && Steady::now() - *since > kLong && !answers()) {
            base::log::warn("db", "the database does not answer: who waits for it is told so");
            cut_();
        }
        lock.lock();
    }
}

// What fails at once was no silence; whoever waits learns of that by themselves.
bool Lookout::answers() {
    const auto began = Steady::now();
    try {
        if (!connection_) connection_ = connect(source_);
        connection_->query(kOne).next();
        return true;
    } catch (const base::Error&) {
        connection_.reset();
        return Steady::now() - began < kSilence / 2;
    }
}

}  // namespace bodega::db
