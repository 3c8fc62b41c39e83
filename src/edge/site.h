// bodega's own site: hands each exchange to the part that its route names.
#pragma once

#include "edge/blob_folder.h"
#include "edge/file_answer.h"
#include "edge/proxy.h"
#include "edge/upstream.h"
#include "edge/worker.h"

namespace bodega::edge {

class Site final : public Handler {
public:
    // The worker and the folder outlive the site.
    Site(Worker& worker, const BlobFolder& blobs, UpstreamPool::Limits limits);

    Task<void> handle(Exchange& x) override;

private:
    UpstreamPool app_;
    FileAnswers files_;
    Proxy proxy_;
};

}  // namespace bodega::edge
