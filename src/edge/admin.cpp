#include "edge/admin.h"

#include <string_view>
#include <utility>

#include "base/error.h"
#include "edge/exchange/answer.h"
#include "net/file_pool.h"
#include "edge/event_loop_thread.h"
#include "net/listener.h"

namespace bodega::edge {
namespace {

constexpr int kMostConnections = 64;
constexpr Moment kReadyLimit = 10000;  // ms

// Asked on a thread of its own: the answer may wait for a network file system.
class ReadyJob final : public FileJob {
public:
    explicit ReadyJob(const std::function<bool()>& is_ready) : is_ready_(is_ready) {}
    bool ready() const noexcept { return ready_; }

private:
    void run() noexcept override { ready_ = is_ready_ && is_ready_(); }

    const std::function<bool()>& is_ready_;
    bool ready_ = false;
};

class AdminSite final : public Handler {
public:
    AdminSite(const Admin::Options& options, FilePool& pool) : options_(options), pool_(pool) {}

    Task<void> handle(Exchange& x) override {
        const http::RequestHead& request = x.request();
        x.trail().route = "admin";
        if (request.method != http::Method::get && request.method != http::Method::head)
            answer_error(x, 405, "Only GET and HEAD are offered here.", 0, "Allow: GET, HEAD\r\n");
        else if (request.path == "/readyz") return answer_ready(x);
        else if (request.path == "/livez") answer_text(x, 200, "ok\n");
        else if (request.path == "/metrics") answer_metrics(x);
        else answer_error(x, 404, "There is nothing here but /metrics, /livez and /readyz.");
        return nothing();
    }

private:
    void answer_metrics(Exchange& x) const {
        base::Exposition out;
        options_.write_metrics(out);
        std::string fields = "Content-Type: ";
        fields.append(base::Exposition::kContentType).append("\r\nCache-Control: no-store\r\n");
        Answer answer;
        answer.fields = fields;
        answer.length = out.text().size();
        x.begin(answer);
        x.append(out.text());
        x.finish();
    }

    Task<void> answer_ready(Exchange& x) {
        auto job = std::make_shared<ReadyJob>(options_.is_ready);  // owned by this coroutine and the pool's thread
        bool asked = co_await pool_.run(job, x.waiter(), x.waiter().loop().now() + kReadyLimit);
        bool ready = asked && job->ready();
        answer_text(x, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
    }

    const Admin::Options& options_;
    FilePool& pool_;
};

Options lane_options() {
    Options options;
    options.settings.max_connections = kMostConnections;
    options.settings.max_connections_per_address = kMostConnections;
    return options;
}

}  // namespace

class Admin::Impl {
public:
    explicit Impl(Options options)
        : options_(std::move(options)), lane_options_(lane_options()), count_(kMostConnections, kMostConnections) {}
    ~Impl() { stop(); }

    void start() {
        listeners_ = bind();
        url_ = listeners_.front().url;
        pool_ = std::make_unique<FilePool>(1);
        lane_ = std::make_unique<Lane>(lane_options_, count_);
        lane_->answer_with(std::make_unique<AdminSite>(options_, *pool_));
        for (const Listener& listener : listeners_) lane_->acceptor.listen(listener);
        lane_->start();
    }

    void stop() {
        if (!lane_) return;
        lane_->begin_stop();
        lane_->join();
        pool_->stop();  // its thread posts to the loop
        lane_.reset();
        listeners_.clear();
    }

    const std::string& url() const noexcept { return url_; }

    std::vector<base::ListeningSocket> sockets() const {
        std::vector<base::ListeningSocket> out;
        out.reserve(listeners_.size());
        for (const Listener& listener : listeners_) out.push_back({listener.fd.get(), listener.kept_elsewhere});
        return out;
    }

    void leave_doors() {
        lane_->worker.loop.post([lane = lane_.get()] { lane->acceptor.stop(Acceptor::Backlog::leave); });
    }

private:
    std::vector<Listener> bind() const {
        try {
            const ListenAddress address = parse_listen_address(options_.listen);
            if (address.manner.secure || address.manner.proxy_protocol || address.manner.redirects)
                throw base::Error(base::Code::config_invalid,
                                  "edge.listen: \"" + options_.listen + "\" has to be an http:// address and no more.");
            return bind_listeners(address, options_.inherited.get());
        } catch (const base::Error& error) {
            std::string_view why = error.what();
            why.remove_prefix(std::min(why.size(), why.find(": ") + 2));  // the public listeners' key
            throw base::Error(error.code(), "edge.admin_listen: " + std::string(why));
        }
    }

    const Options options_;
    const edge::Options lane_options_;
    ConnectionCount count_;
    std::vector<Listener> listeners_;
    std::string url_;
    std::unique_ptr<FilePool> pool_;
    std::unique_ptr<Lane> lane_;
};

Admin::Admin(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Admin::~Admin() = default;

void Admin::start() { impl_->start(); }

std::string Admin::url() const { return impl_->url(); }

std::vector<base::ListeningSocket> Admin::sockets() const { return impl_->sockets(); }

void Admin::leave_doors() { impl_->leave_doors(); }

void Admin::stop() { impl_->stop(); }

}  // namespace bodega::edge
