// The current conversations about uploads in this process, by id.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "web/call/upload_conversation.h"

namespace bodega::web {

// Thread-safe. Outlives the edge and every server that uses it.
class UploadConversations final : public base::UploadConversations {
public:
    std::shared_ptr<base::UploadConversation> begin() override;

    // Returns nullptr if the edge has ended the conversation.
    std::shared_ptr<UploadConversation> find(std::string_view id) const;

private:
    void forget(const std::string& id) noexcept;

    mutable base::Mutex mutex_;
    std::map<std::string, std::weak_ptr<UploadConversation>, std::less<>> under_way_ GUARDED_BY(mutex_);
};

}  // namespace bodega::web
