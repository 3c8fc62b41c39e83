#include "web/call/upload_conversations.h"

namespace bodega::web {

std::shared_ptr<base::UploadConversation> UploadConversations::begin() {
    const std::shared_ptr<UploadConversation> begun(new UploadConversation, [this](UploadConversation* ended) {
        forget(ended->id());
        delete ended;
    });
    const base::MutexLock lock(mutex_);
    under_way_.emplace(begun->id(), begun);
    return begun;
}

std::shared_ptr<UploadConversation> UploadConversations::find(std::string_view id) const {
    const base::MutexLock lock(mutex_);
    const auto found = under_way_.find(id);
    return found == under_way_.end() ? nullptr : found->second.lock();
}

void UploadConversations::forget(const std::string& id) noexcept {
    const base::MutexLock lock(mutex_);
    under_way_.erase(id);
}

}  // namespace bodega::web
