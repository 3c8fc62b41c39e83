#include "base/blocking.h"

namespace bodega::base {
namespace {

struct Thread {
    Blocking::Watcher* watcher = nullptr;
    int depth = 0;
};
thread_local Thread thread;

}  // namespace

void Blocking::watch_this_thread(Watcher* watcher) noexcept { thread = {watcher, 0}; }

Blocking::Blocking(Kind kind) noexcept : kind_(kind) {
    if (kind_ == Kind::aside && thread.watcher) thread.watcher->begin_aside();
    if (thread.depth++ == 0 && thread.watcher) thread.watcher->begin_blocking();
}

Blocking::~Blocking() {
    if (kind_ == Kind::aside && thread.watcher) thread.watcher->end_aside();
    if (--thread.depth == 0 && thread.watcher) thread.watcher->end_blocking();
}

}  // namespace bodega::base
