#include <algorithm>
#include <array>

#include "config/key.h"

namespace bodega::config {
namespace {

template <auto Section, auto Field>
auto& at(Config& config) {
    return config.*Section.*Field;
}

template <auto Field>
constexpr auto node = &at<&Config::node, Field>;
template <auto Field>
constexpr auto edge = &at<&Config::edge, Field>;
template <auto Field>
auto& tls_at(Config& config) {
    return config.edge.tls.*Field;
}
template <auto Field>
constexpr auto tls = &tls_at<Field>;
template <auto Field>
auto& acme_at(Config& config) {
    return config.edge.acme.*Field;
}
template <auto Field>
constexpr auto acme = &acme_at<Field>;
template <auto Field>
constexpr auto app = &at<&Config::app, Field>;
template <auto Field>
constexpr auto database = &at<&Config::database, Field>;
template <auto Field>
constexpr auto accounts = &at<&Config::accounts, Field>;
template <auto Field>
constexpr auto files = &at<&Config::files, Field>;
template <auto Field>
constexpr auto log = &at<&Config::log, Field>;

constexpr std::int64_t kKiB = 1 << 10, kMiB = 1 << 20, kGiB = 1 << 30, kTiB = std::int64_t{1} << 40;
constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

using enum Effect;

// The rows have the order of config.toml. Columns: name, help, effect, member, least, most, choices, variable, secret.
constexpr std::array kKeys{
    Key{"node.name", "this node's name in the fleet; empty: the host's name", at_start, node<&Node::name>},
    Key{"node.data_dir", "local folder, created if missing: the SQLite file and the app's socket", at_start,
        node<&Node::data_dir>},
    Key{"node.shared_dir", "folder of the files' bytes; in a fleet, the shared mount; empty: data_dir", at_start,
        node<&Node::shared_dir>, 0, 0, "", "SHARED_DIR"},
    Key{"node.drain_delay", "how long /readyz answers 503 before new connections are refused", at_reload,
        node<&Node::drain_delay>, 0, kHour},
    Key{"node.drain_limit", "how long a stop waits for requests in flight", at_reload, node<&Node::drain_limit>, 0,
        kHour},
    Key{"node.upgrade_limit", "how long SIGUSR2 waits for the new process to be ready", at_reload,
        node<&Node::upgrade_limit>, kSecond, kHour},
    Key{"node.imds", "drain when EC2 announces this machine's shutdown: auto (only on EC2), off, or a URL", at_start,
        node<&Node::imds>},
    Key{"node.imds_every", "time between two checks for EC2's notices", at_start, node<&Node::imds_every>, kSecond / 10,
        kMinute},

    Key{"edge.listen", "addresses to listen on; empty: no embedded edge", at_reload, edge<&Edge::listen>},
    Key{"edge.admin_listen", "address for /metrics, /livez and /readyz, without authentication; empty: none", at_start,
        edge<&Edge::admin_listen>},
    Key{"edge.loops", "event loop threads; 0: one per core", at_start, edge<&Edge::loops>, 0, 256},
    Key{"edge.max_connections", "maximum number of client connections", at_reload, edge<&Edge::max_connections>, 1,
        1'000'000},
    Key{"edge.max_connections_per_address",
        "maximum of client connections from one address; trusted_proxies have no limit", at_reload,
        edge<&Edge::max_connections_per_address>, 1, 1'000'000},
    Key{"edge.trusted_proxies",
        "networks of proxies in front of the edge whose statements about the client are trusted", at_reload,
        edge<&Edge::trusted_proxies>},
    Key{"edge.trusted_fields", "fields in which those proxies name the client: x-forwarded or forwarded", at_reload,
        edge<&Edge::trusted_fields>, 0, 0, "x-forwarded forwarded"},
    Key{"edge.rate_limit",
        "requests from one address per node, such as \"100/s burst=200\"; above it 429; empty: no limit", at_reload,
        edge<&Edge::rate_limit>},
    Key{"edge.max_head", "maximum bytes of a request's line and fields", at_reload, edge<&Edge::max_head>, kKiB, kMiB},
    Key{"edge.max_fields", "maximum number of fields in a request", at_reload, edge<&Edge::max_fields>, 10, 10'000},
    Key{"edge.buffer", "bytes buffered per direction and connection before reading stops", at_reload,
        edge<&Edge::buffer>, 4 * kKiB, 16 * kMiB},
    Key{"edge.max_memory", "bytes held for all connections together; above it 503, or a stream's reset", at_reload,
        edge<&Edge::max_memory>, 16 * kMiB, kTiB},
    Key{"edge.spool_dir",
        "local folder for bodies to upstreams that are too large for a buffer; empty: the system's folder for "
        "temporary files",
        at_reload, edge<&Edge::spool_dir>},
    Key{"edge.spool_limit", "bytes of such bodies together; above it 503", at_reload, edge<&Edge::spool_limit>, 0,
        kTiB},
    Key{"edge.min_rate", "bytes per second, on average, at which a client must send or receive a body", at_reload,
        edge<&Edge::min_rate>, 1, kMiB},
    Key{"edge.compress_above", "a proxied text is compressed from this many bytes on; 0: never", at_reload,
        edge<&Edge::compress_above>, 0, kGiB},
    Key{"edge.error_pages", "folder of error pages: 404.html, 5xx.html; empty: the built-in ones", at_reload,
        edge<&Edge::error_pages>},
    Key{"edge.head_timeout", "time from a request's first byte to the end of its fields", at_reload,
        edge<&Edge::head_timeout>, 1, kHour},
    Key{"edge.body_timeout", "time between two reads of a body", at_reload, edge<&Edge::body_timeout>, 1, kHour},
    Key{"edge.send_timeout", "time between two writes that make progress", at_reload, edge<&Edge::send_timeout>, 1,
        kHour},
    Key{"edge.idle_timeout", "time between two requests on a connection", at_reload, edge<&Edge::idle_timeout>, 1,
        kHour},
    Key{"edge.http2", "on: HTTP/2 is offered in addition to HTTP/1.1; off", at_reload, edge<&Edge::http2>, 0, 0,
        "on off"},
    Key{"edge.http2_streams", "concurrent requests on one HTTP/2 connection", at_reload, edge<&Edge::http2_streams>, 1,
        10'000},
    Key{"edge.http2_memory", "bytes held for one HTTP/2 connection; above it the connection's next requests are reset",
        at_reload, edge<&Edge::http2_memory>, 256 * kKiB, kGiB},
    Key{"edge.http2_window", "bytes of bodies that a client may send ahead on an HTTP/2 connection", at_reload,
        edge<&Edge::http2_window>, 64 * kKiB, kGiB},
    Key{"edge.file_memory", "bytes of small files kept in memory, over all loops; 0: none", at_reload,
        edge<&Edge::file_memory>, 0, 64 * kGiB},
    Key{"edge.file_threads", "threads that read file data that is not in the page cache", at_start,
        edge<&Edge::file_threads>, 1, 256},
    Key{"edge.upstream_connections", "connections to the app, over all loops; at most app.threads + app.uploads",
        at_reload, edge<&Edge::upstream_connections>, 1, 4096},
    Key{"edge.upstream_wait", "how long a request waits for a free connection to the app; then 503", at_reload,
        edge<&Edge::upstream_wait>, 1, kHour},
    Key{"edge.upstream_timeout", "time until the app's response begins, and between two reads of it", at_reload,
        edge<&Edge::upstream_timeout>, 1, kHour},
    Key{"edge.tunnel_timeout", "time without a byte in either direction after an Upgrade (WebSocket)", at_reload,
        edge<&Edge::tunnel_timeout>, kSecond, 30 * kDay},

    Key{"edge.tls.certificates",
        "\"FULLCHAIN.PEM KEY.PEM\" each, chosen by the requested name; the first for all other names", at_reload,
        tls<&Tls::certificates>},
    Key{"edge.tls.certificates_check", "time between two checks whether those files changed", at_start,
        tls<&Tls::certificates_check>, kSecond, kDay},
    Key{"edge.tls.handshake_timeout", "time limit for a TLS handshake", at_reload, tls<&Tls::handshake_timeout>, 1,
        kHour},
    Key{"edge.tls.ticket_rotation",
        "how long a session ticket's key encrypts; after that it decrypts for as long again", at_start,
        tls<&Tls::ticket_rotation>, 10 * kMinute, 3 * kDay},
    Key{"edge.tls.kernel", "auto: the kernel encrypts what is sent, where it can (kTLS); or off", at_reload,
        tls<&Tls::kernel>, 0, 0, "auto off"},
    Key{"edge.tls.hsts", "max-age of Strict-Transport-Security on answers over TLS; 0s: not sent", at_reload,
        tls<&Tls::hsts>, 0, 3650 * kDay},

    Key{"edge.acme.names", "names of a certificate that the nodes order themselves; empty: none", at_start,
        acme<&Acme::names>},
    Key{"edge.acme.directory", "the authority's directory, an https:// URL", at_start, acme<&Acme::directory>},
    Key{"edge.acme.contact", "mail address for the authority; optional", at_start, acme<&Acme::contact>},
    Key{"edge.acme.authorities", "CA bundle (PEM) that verifies that URL's certificate; empty: the system's", at_start,
        acme<&Acme::authorities>},
    Key{"edge.acme.secret_file", "file of the cluster's secret, which seals keys in the catalog", at_start,
        acme<&Acme::secret_file>},
    Key{"edge.acme.retry", "time from a failed order to the next one", at_start, acme<&Acme::retry>, kSecond, kDay},

    Key{"app.listen",
        "address for a proxy such as NGINX: \"127.0.0.1:5000\", or a socket's path; empty: only the embedded edge",
        at_start, app<&App::listen>},
    Key{"app.threads", "requests handled at once", at_start, app<&App::threads>, 1, 4096},
    Key{"app.uploads", "file bodies received at once, in addition to app.threads", at_start, app<&App::uploads>, 1,
        4096},
    Key{"app.queue", "connections to the app that wait for a thread; further ones are closed", at_start,
        app<&App::queue>, 1, 1'000'000},
    Key{"app.connections",
        "connections to app.listen without a thread: idle, or with an incomplete request or answer; further ones are "
        "closed",
        at_start, app<&App::connections>, 1, 1'000'000},
    Key{"app.head_timeout", "time from a request's first byte to the end of its fields", at_start,
        app<&App::head_timeout>, 1, kHour},
    Key{"app.body_timeout", "time between two reads of a request, or two writes of an answer", at_start,
        app<&App::body_timeout>, 1, kHour},
    Key{"app.idle_timeout", "time between two requests on a connection to app.listen; longer than the proxy's",
        at_start, app<&App::idle_timeout>, 1, kDay},
    Key{"app.min_rate",
        "bytes per second, on average after app.body_timeout, at which a client of app.listen must send a body or "
        "receive an answer",
        at_start, app<&App::min_rate>, 1, kMiB},
    Key{"app.trusted_proxies", "networks whose X-Forwarded-* and X-Accel-Capable are trusted", at_start,
        app<&App::trusted_proxies>},
    Key{"app.proxy_secret_file",
        "file with the secret that a proxy must send in X-Bodega-Proxy-Secret over TCP; empty: no proxy is trusted "
        "over TCP",
        at_start, app<&App::proxy_secret_file>},
    Key{"app.max_json", "maximum bytes of a JSON body", at_start, app<&App::max_json>, kKiB, 64 * kMiB},
    Key{"app.max_memory", "bytes of requests to app.listen that are buffered until they are whole; above it 503",
        at_start, app<&App::max_memory>, 64 * kMiB, 64 * kGiB},
    Key{"app.public_url",
        "\"https://files.example.org\", or with a path that everything is below; empty: taken from each request",
        at_start, app<&App::public_url>},
    Key{"app.allowed_origins",
        "other sites whose pages may call the API, only with a token: \"https://portal.example.org\"", at_start,
        app<&App::allowed_origins>},
    Key{"app.listing_cache", "bytes of rendered listings in the cache", at_start, app<&App::listing_cache>, 0,
        16 * kGiB},

    Key{"database.url", "empty: SQLite in data_dir; \"sqlite:PATH\" or \"mysql://USER@HOST:PORT/NAME\"", at_start,
        database<&Database::url>},
    Key{"database.password", "password of the database's user; never put it into the URL", at_start,
        database<&Database::password>, 0, 0, "", "DB_PASSWORD", true},
    Key{"database.password_file", "file that holds the password; read again if the database refuses the password",
        at_start, database<&Database::password_file>, 0, 0, "", "DB_PASSWORD_FILE"},
    Key{"database.ssl_ca", "CA bundle (PEM); if set, TLS with verification is required", at_start,
        database<&Database::ssl_ca>, 0, 0, "", "DB_SSL_CA"},
    Key{"database.pool_size", "maximum number of connections", at_start, database<&Database::pool_size>, 1, 1000},
    Key{"database.pool_wait", "how long a call waits for a free connection or for a database that is down; then 503",
        at_start, database<&Database::pool_wait>, 1, kHour},
    Key{"database.connect_timeout", "time limit for opening a connection", at_start,
        database<&Database::connect_timeout>, kSecond, kHour},
    Key{"database.start_wait", "how long serve waits for a database that is down", at_start,
        database<&Database::start_wait>, 0, kDay},
    Key{"database.query_timeout", "time limit for a statement", at_start, database<&Database::query_timeout>, kSecond,
        kDay},

    Key{"accounts.session_lifetime", "lifetime of a sign-in, from its last use", at_start,
        accounts<&Accounts::session_lifetime>, kMinute, 3650 * kDay},
    Key{"accounts.setup_lifetime", "lifetime of the set-up URL that serve prints", at_start,
        accounts<&Accounts::setup_lifetime>, kSecond, 7 * kDay},
    Key{"accounts.password_min_length", "minimum length of a password, in characters", at_start,
        accounts<&Accounts::password_min_length>, 8, 128},
    Key{"accounts.argon2_memory", "bytes of memory for hashing one password", at_start,
        accounts<&Accounts::argon2_memory>, 8 * kMiB, 4 * kGiB},
    Key{"accounts.argon2_passes", "passes over that memory", at_start, accounts<&Accounts::argon2_passes>, 1, 100},
    Key{"accounts.argon2_concurrency", "passwords hashed at once; others wait", at_start,
        accounts<&Accounts::argon2_concurrency>, 1, 256},
    Key{"accounts.attempts",
        "failed sign-ins per account and network within attempts_window; ten times as many per network", at_start,
        accounts<&Accounts::attempts>, 1, 1'000'000},
    Key{"accounts.attempts_window", "time after which failed sign-ins are forgotten", at_start,
        accounts<&Accounts::attempts_window>, kSecond, 30 * kDay},
    Key{"accounts.audit_keep", "age at which entries of the audit log are deleted; 0s: never", at_start,
        accounts<&Accounts::audit_keep>, 0, 36500 * kDay},
    Key{"accounts.admin_user", "administrator that the first start creates without a person", at_start,
        accounts<&Accounts::admin_user>, 0, 0, "", "BODEGA_ADMIN_USER"},
    Key{"accounts.admin_password_file", "file that holds that administrator's password", at_start,
        accounts<&Accounts::admin_password_file>, 0, 0, "", "BODEGA_ADMIN_PASSWORD_FILE"},

    Key{"files.max_file", "maximum bytes of one file", at_start, files<&Files::max_file>, kKiB, 1024 * kTiB},
    Key{"files.upload_expiry", "lifetime of an unfinished upload, from its last byte", at_start,
        files<&Files::upload_expiry>, kMinute, 365 * kDay},
    Key{"files.checkpoint", "bytes between two syncs that acknowledge an upload's offset", at_start,
        files<&Files::checkpoint>, 64 * kKiB, kGiB},
    Key{"files.trash_keep", "age at which trash is deleted for good; 0s: never", at_start, files<&Files::trash_keep>, 0,
        3650 * kDay},
    Key{"files.versions_keep", "maximum number of older versions of a file", at_start, files<&Files::versions_keep>, 0,
        10'000},
    Key{"files.evict_versions_after", "in a full space, older versions above this age are deleted for room; 0s: never",
        at_start, files<&Files::evict_versions_after>, 0, 3650 * kDay},
    Key{"files.uploads_per_user", "maximum number of unfinished uploads of one account", at_start,
        files<&Files::uploads_per_user>, 1, 100'000},
    Key{"files.upload_bytes_per_user", "maximum total size declared for those uploads", at_start,
        files<&Files::upload_bytes_per_user>, kMiB, 1024 * kTiB},
    Key{"files.max_depth", "maximum levels of folders below a space's root folder", at_start, files<&Files::max_depth>,
        1, 500},
    Key{"files.jobs_per_user", "maximum number of jobs (acts on many files) of one account that run or wait at once",
        at_start, files<&Files::jobs_per_user>, 1, 1000},
    Key{"files.job_items", "maximum number of files and folders in one job", at_start, files<&Files::job_items>, 100,
        10'000'000},
    Key{"files.jobs_keep", "how long a finished job's results are kept and its key stays used", at_start,
        files<&Files::jobs_keep>, kMinute, 30 * kDay},
    Key{"files.blob_grace", "time between the last use of a file's bytes and their deletion", at_start,
        files<&Files::blob_grace>, kMinute, 30 * kDay},
    Key{"files.sweep_every", "time between two garbage collections", at_start, files<&Files::sweep_every>, kSecond,
        kDay},
    Key{"files.reserve", "bytes of its disk that uploads leave free, at most a tenth of the disk; 0: none", at_start,
        files<&Files::reserve>, 0, kTiB},

    Key{"log.level", "debug, info, warn or error", at_reload, log<&Log::level>, 0, 0, "debug info warn error"},
    Key{"log.format", "text or json", at_reload, log<&Log::format>, 0, 0, "text json"},
    Key{"log.output", "stderr, or files: logs/NODE/error.log in the shared folder", at_start, log<&Log::output>, 0, 0,
        "stderr files"},
    Key{"log.access", "one line of JSON per request: stdout, or files: logs/NODE/access.log; off: none", at_start,
        log<&Log::access>, 0, 0, "off stdout files"},
    Key{"log.rotate_size", "bytes after which a new log file begins", at_start, log<&Log::rotate_size>, 64 * kKiB,
        kTiB},
    Key{"log.rotate_age", "age after which a new log file begins, on the hour or day in UTC; 0s: never", at_start,
        log<&Log::rotate_age>, 0, 365 * kDay},
    Key{"log.rotate_keep", "number of old files of each log", at_start, log<&Log::rotate_keep>, 1, 999},
    Key{"log.queue", "bytes of lines that wait for the disk; lines above it are dropped and counted", at_start,
        log<&Log::queue>, 64 * kKiB, kGiB},
};

}  // namespace

std::span<const Key> keys() noexcept { return kKeys; }

const Key* find_key(std::string_view name) noexcept {
    auto found = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& key) { return key.name == name; });
    return found == kKeys.end() ? nullptr : &*found;
}

}  // namespace bodega::config
