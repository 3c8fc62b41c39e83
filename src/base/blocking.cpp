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

Blocking::Blocking() noexcept {
    if (thread.depth++ == 0 && thread.watcher) thread.watcher->begin_blocking();
}

Blocking::~Blocking() {
    if (--thread.depth == 0 && thread.watcher) thread.watcher->end_blocking();
}

}  // namespace bodega::base
