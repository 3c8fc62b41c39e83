#include "edge/admin.h"

#include <string_view>
#include <utility>

#include "base/error.h"
#include "edge/event_loop_thread.h"
#include "edge/exchange/answer.h"
#include "edge/listen_address.h"
#include "net/file_pool.h"
#include "net/listener.h"

namespace bodega::edge {
namespace {

constexpr int kMaxConnections = 64;
constexpr net::Moment kReadyLimit = 10000;  // ms to wait for is_ready; then the answer is 503

// Runs is_ready on the file pool's thread, since is_ready may wait for a network file system.
class ReadyJob final : public net::FileJob {
public:
    explicit ReadyJob(const std::function<bool()>& is_ready) : is_ready_(is_ready) {}
    bool ready() const noexcept { return ready_; }

private:
    void run() noexcept override { ready_ = is_ready_ && is_ready_(); }

    const std::function<bool()>& is_ready_;
    bool ready_ = false;
};

class AdminHandler final : public Handler {
public:
    AdminHandler(const Admin::Options& options, net::FilePool& pool) : options_(options), pool_(pool) {}

    net::Task<void> handle(Exchange& x) override {
        const http::RequestHead& request = x.request();
        x.stats().route = "admin";
        if (request.method != http::Method::get && request.method != http::Method::head)
            answer_error(x, 405, "Only GET and HEAD are supported here.", 0, "Allow: GET, HEAD\r\n");
        else if (request.path == "/readyz") return answer_ready(x);
        else if (request.path == "/livez") answer_text(x, 200, "ok\n");
        else if (request.path == "/metrics") answer_metrics(x);
        else answer_error(x, 404, "This listener has only /metrics, /livez and /readyz.");
        return net::nothing();
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

    net::Task<void> answer_ready(Exchange& x) {
        auto job = std::make_shared<ReadyJob>(options_.is_ready);  // shared with the pool's thread
        bool asked = co_await pool_.run(job, x.wakeup(), x.wakeup().loop().now() + kReadyLimit);
        bool ready = asked && job->ready();
        answer_text(x, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
    }

    const Admin::Options& options_;
    net::FilePool& pool_;
};

Options loop_options() {
    Options options;
    options.settings.max_connections = kMaxConnections;
    options.settings.max_connections_per_address = kMaxConnections;
    return options;
}

}  // namespace

class Admin::Impl {
public:
    explicit Impl(Options options)
        : options_(std::move(options)), loop_options_(loop_options()), count_(kMaxConnections, kMaxConnections) {}
    ~Impl() { stop(); }

    void start() {
        listeners_ = bind();
        url_ = listeners_.front().url;
        pool_ = std::make_unique<net::FilePool>(1);
        LoopSettings settings;
        settings.edge = loop_options_.settings;
        thread_ = std::make_unique<EventLoopThread>(
            loop_options_, SharedParts{}, settings, count_,
            [this](LoopContext&) { return std::make_unique<AdminHandler>(options_, *pool_); });
        for (const net::Listener& listener : listeners_) thread_->acceptor.listen(listener);
        thread_->start();
    }

    void stop() {
        if (!thread_) return;
        thread_->begin_stop();
        thread_->join();
        pool_->stop();  // the pool's thread posts to the loop, so stop it first
        thread_.reset();
        listeners_.clear();
    }

    const std::string& url() const noexcept { return url_; }

    std::vector<base::ListeningSocket> sockets() const {
        std::vector<base::ListeningSocket> out;
        out.reserve(listeners_.size());
        for (const net::Listener& listener : listeners_) out.push_back({listener.fd.get(), listener.kept_elsewhere});
        return out;
    }

    void leave_listeners() {
        thread_->context.loop.post([thread = thread_.get()] { thread->acceptor.stop(Acceptor::Backlog::leave); });
    }

private:
    std::vector<net::Listener> bind() const {
        try {
            const net::ListenAddress address = parse_listen_address(options_.listen);
            if (address.options.secure || address.options.proxy_protocol || address.options.redirects)
                throw base::Error(base::Code::config_invalid, "edge.listen: \"" + options_.listen +
                                                                  "\" must be an http:// address without options.");
            return net::bind_listeners(address, options_.inherited.get());
        } catch (const base::Error& error) {
            std::string_view why = error.what();
            // The message begins with "edge.listen: ", but the setting here is edge.admin_listen. Replace the name.
            why.remove_prefix(std::min(why.size(), why.find(": ") + 2));
            throw base::Error(error.code(), "edge.admin_listen: " + std::string(why));
        }
    }

    const Options options_;
    const edge::Options loop_options_;
    ConnectionCount count_;
    std::vector<net::Listener> listeners_;
    std::string url_;
    std::unique_ptr<net::FilePool> pool_;
    std::unique_ptr<EventLoopThread> thread_;
};

Admin::Admin(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Admin::~Admin() = default;

void Admin::start() { impl_->start(); }

std::string Admin::url() const { return impl_->url(); }

std::vector<base::ListeningSocket> Admin::sockets() const { return impl_->sockets(); }

void Admin::leave_listeners() { impl_->leave_listeners(); }

void Admin::stop() { impl_->stop(); }

}  // namespace bodega::edge
