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

// In the order of config.toml. Columns: name, help, member, least, most, choices, variable, secret.
constexpr std::array kKeys{
    Key{"node.name", "this node's name in the fleet; empty: the host's", node<&Node::name>},
    Key{"node.data_dir", "local folder, made if missing: the SQLite file and the app's socket", node<&Node::data_dir>},
    Key{"node.shared_dir", "folder of the files' bytes, on a fleet the shared mount; empty: data_dir",
        node<&Node::shared_dir>, 0, 0, "", "SHARED_DIR"},
    Key{"node.drain_delay", "how long /readyz says 503 before new connections are refused", node<&Node::drain_delay>, 0,
        kHour},
    Key{"node.drain_limit", "how long a stop waits for requests in flight", node<&Node::drain_limit>, 0, kHour},
    Key{"node.upgrade_limit", "how long SIGUSR2 waits for the new process to be ready", node<&Node::upgrade_limit>,
        kSecond, kHour},
    Key{"node.imds", "drain by itself when EC2 announces this machine's end: auto (on EC2 alone), off, or a URL",
        node<&Node::imds>},
    Key{"node.imds_every", "between two looks at EC2's notices", node<&Node::imds_every>, kSecond / 10, kMinute},

    Key{"edge.listen", "addresses to listen on; empty: no embedded edge", edge<&Edge::listen>},
    Key{"edge.admin_listen", "address for /metrics, /livez and /readyz, which ask nobody who they are; empty: none",
        edge<&Edge::admin_listen>},
    Key{"edge.loops", "event loop threads; 0: one per core", edge<&Edge::loops>, 0, 256},
    Key{"edge.max_connections", "client connections in all", edge<&Edge::max_connections>, 1, 1'000'000},
    Key{"edge.max_connections_per_address", "client connections of one address; trusted_proxies may have any number",
        edge<&Edge::max_connections_per_address>, 1, 1'000'000},
    Key{"edge.trusted_proxies", "networks of proxies in front of the edge whose word on the client counts",
        edge<&Edge::trusted_proxies>},
    Key{"edge.trusted_fields", "where they write it: x-forwarded or forwarded", edge<&Edge::trusted_fields>, 0, 0,
        "x-forwarded forwarded"},
    Key{"edge.rate_limit", "requests of one address, such as \"100/s burst=200\", per node; then 429; empty: no limit",
        edge<&Edge::rate_limit>},
    Key{"edge.max_head", "bytes of a request's line and fields", edge<&Edge::max_head>, kKiB, kMiB},
    Key{"edge.max_fields", "fields of a request", edge<&Edge::max_fields>, 10, 10'000},
    Key{"edge.buffer", "bytes buffered per direction and connection before reading stops", edge<&Edge::buffer>,
        4 * kKiB, 16 * kMiB},
    Key{"edge.max_memory", "bytes held for all connections together; over it 503, or a stream's reset",
        edge<&Edge::max_memory>, 16 * kMiB, kTiB},
    Key{"edge.spool_dir",
        "local folder for bodies to upstreams that a buffer can't hold; empty: the system's for temporary files",
        edge<&Edge::spool_dir>},
    Key{"edge.spool_limit", "bytes of such bodies, all together; over it 503", edge<&Edge::spool_limit>, 0, kTiB},
    Key{"edge.min_rate", "bytes a second, on average, that a client has to send or take of a body",
        edge<&Edge::min_rate>, 1, kMiB},
    Key{"edge.compress_above", "bytes of a proxied text from which on it is compressed; 0: never",
        edge<&Edge::compress_above>, 0, kGiB},
    Key{"edge.error_pages", "folder of error pages: 404.html, 5xx.html; empty: the built-in ones",
        edge<&Edge::error_pages>},
    Key{"edge.head_timeout", "from a request's first byte to its blank line", edge<&Edge::head_timeout>, 1, kHour},
    Key{"edge.body_timeout", "between two reads of a body", edge<&Edge::body_timeout>, 1, kHour},
    Key{"edge.send_timeout", "between two writes that progress", edge<&Edge::send_timeout>, 1, kHour},
    Key{"edge.idle_timeout", "between two requests of a connection", edge<&Edge::idle_timeout>, 1, kHour},
    Key{"edge.http2", "on: HTTP/2 is offered beside HTTP/1.1; off", edge<&Edge::http2>, 0, 0, "on off"},
    Key{"edge.http2_streams", "requests at once of a connection of HTTP/2", edge<&Edge::http2_streams>, 1, 10'000},
    Key{"edge.http2_memory", "bytes held for one connection of HTTP/2; over it its next requests are reset",
        edge<&Edge::http2_memory>, 256 * kKiB, kGiB},
    Key{"edge.http2_window", "bytes of bodies that a client of HTTP/2 may send ahead on a connection",
        edge<&Edge::http2_window>, 64 * kKiB, kGiB},
    Key{"edge.file_memory", "bytes of small files that are kept in memory, all loops together; 0: none",
        edge<&Edge::file_memory>, 0, 64 * kGiB},
    Key{"edge.file_threads", "threads that read what the page cache has not", edge<&Edge::file_threads>, 1, 256},
    Key{"edge.upstream_connections", "connections to the app, all loops together; at most app.threads + app.uploads",
        edge<&Edge::upstream_connections>, 1, 4096},
    Key{"edge.upstream_wait", "for a free connection to the app; then 503", edge<&Edge::upstream_wait>, 1, kHour},
    Key{"edge.upstream_timeout", "for the app's answer to begin, and between two reads of it",
        edge<&Edge::upstream_timeout>, 1, kHour},
    Key{"edge.tunnel_timeout", "without a byte either way, after an Upgrade (WebSocket)", edge<&Edge::tunnel_timeout>,
        kSecond, 30 * kDay},

    Key{"edge.tls.certificates",
        "\"FULLCHAIN.PEM KEY.PEM\" each, chosen by the name that is asked for; the first for all other names",
        tls<&Tls::certificates>},
    Key{"edge.tls.certificates_check", "between two looks whether those files changed", tls<&Tls::certificates_check>,
        kSecond, kDay},
    Key{"edge.tls.handshake_timeout", "for a handshake to end", tls<&Tls::handshake_timeout>, 1, kHour},
    Key{"edge.tls.ticket_rotation", "a session ticket's key encrypts for so long, and decrypts for as long again",
        tls<&Tls::ticket_rotation>, 10 * kMinute, 3 * kDay},
    Key{"edge.tls.kernel", "auto: the kernel encrypts what is sent, where it can (kTLS); or off", tls<&Tls::kernel>, 0,
        0, "auto off"},
    Key{"edge.tls.hsts", "max-age of Strict-Transport-Security on answers over TLS; 0s: not sent", tls<&Tls::hsts>, 0,
        3650 * kDay},

    Key{"edge.acme.names", "names of a certificate that the nodes get by themselves; empty: none", acme<&Acme::names>},
    Key{"edge.acme.directory", "the authority's directory, an https:// URL", acme<&Acme::directory>},
    Key{"edge.acme.contact", "mail address for the authority; may be empty", acme<&Acme::contact>},
    Key{"edge.acme.authorities", "PEM file of who vouches for that URL's server; empty: the system's",
        acme<&Acme::authorities>},
    Key{"edge.acme.secret_file", "file of the cluster's secret, which seals keys in the catalog",
        acme<&Acme::secret_file>},
    Key{"edge.acme.retry", "after an order that failed, until the next one", acme<&Acme::retry>, kSecond, kDay},

    Key{"app.listen",
        "for a proxy such as NGINX: \"127.0.0.1:5000\", or a socket's path; empty: for the embedded edge alone",
        app<&App::listen>},
    Key{"app.threads", "requests at work at once", app<&App::threads>, 1, 4096},
    Key{"app.uploads", "bodies of files being received at once, beside app.threads", app<&App::uploads>, 1, 4096},
    Key{"app.trusted_proxies", "networks whose X-Forwarded-* and X-Accel-Capable count", app<&App::trusted_proxies>},
    Key{"app.proxy_secret_file",
        "file with what a proxy has to say in X-Bodega-Proxy-Secret over TCP; empty: none is believed there",
        app<&App::proxy_secret_file>},
    Key{"app.max_json", "bytes of a JSON body", app<&App::max_json>, kKiB, 64 * kMiB},
    Key{"app.max_memory", "bytes of requests to app.listen that are held until they are whole; over it 503",
        app<&App::max_memory>, 64 * kMiB, 64 * kGiB},
    Key{"app.public_url", "\"https://files.example.org\"; empty: as each request has it", app<&App::public_url>},
    Key{"app.allowed_origins",
        "other sites whose pages may call the API, by token only: \"https://portal.example.org\"",
        app<&App::allowed_origins>},
    Key{"app.listing_cache", "bytes of rendered listings kept", app<&App::listing_cache>, 0, 16 * kGiB},

    Key{"database.url", "empty: SQLite in data_dir; \"sqlite:PATH\" or \"mysql://USER@HOST:PORT/NAME\"",
        database<&Database::url>},
    Key{"database.password", "never in the URL", database<&Database::password>, 0, 0, "", "DB_PASSWORD", true},
    Key{"database.password_file", "file that holds the password; read anew if that is refused",
        database<&Database::password_file>, 0, 0, "", "DB_PASSWORD_FILE"},
    Key{"database.ssl_ca", "PEM file of the authority; given: TLS with verification is required",
        database<&Database::ssl_ca>, 0, 0, "", "DB_SSL_CA"},
    Key{"database.pool_size", "connections at most", database<&Database::pool_size>, 1, 1000},
    Key{"database.pool_wait", "of a call for a free connection, or for a database that is away; then 503",
        database<&Database::pool_wait>, 1, kHour},
    Key{"database.connect_timeout", "for a connection to be made", database<&Database::connect_timeout>, kSecond,
        kHour},
    Key{"database.start_wait", "how long serve waits for a database that is away", database<&Database::start_wait>, 0,
        kDay},
    Key{"database.query_timeout", "for a statement to end", database<&Database::query_timeout>, kSecond, kDay},

    Key{"accounts.session_lifetime", "of a sign-in, from its last use", accounts<&Accounts::session_lifetime>, kMinute,
        3650 * kDay},
    Key{"accounts.setup_lifetime", "of the set-up URL that serve prints", accounts<&Accounts::setup_lifetime>, kSecond,
        7 * kDay},
    Key{"accounts.password_min_length", "characters", accounts<&Accounts::password_min_length>, 8, 128},
    Key{"accounts.argon2_memory", "bytes that hashing one password takes", accounts<&Accounts::argon2_memory>, 8 * kMiB,
        4 * kGiB},
    Key{"accounts.argon2_passes", "passes over that memory", accounts<&Accounts::argon2_passes>, 1, 100},
    Key{"accounts.argon2_concurrency", "passwords hashed at once; more wait", accounts<&Accounts::argon2_concurrency>,
        1, 256},
    Key{"accounts.attempts",
        "failed sign-ins per account and network within attempts_window; ten times as many per network",
        accounts<&Accounts::attempts>, 1, 1'000'000},
    Key{"accounts.attempts_window", "after it, failed sign-ins are forgotten", accounts<&Accounts::attempts_window>,
        kSecond, 30 * kDay},
    Key{"accounts.audit_keep", "then a line of the audit log is deleted; 0s: never", accounts<&Accounts::audit_keep>, 0,
        36500 * kDay},
    Key{"accounts.admin_user", "administrator that an unattended first start makes", accounts<&Accounts::admin_user>, 0,
        0, "", "BODEGA_ADMIN_USER"},
    Key{"accounts.admin_password_file", "file that holds that administrator's password",
        accounts<&Accounts::admin_password_file>, 0, 0, "", "BODEGA_ADMIN_PASSWORD_FILE"},

    Key{"files.max_file", "bytes of one file", files<&Files::max_file>, kKiB, 1024 * kTiB},
    Key{"files.upload_expiry", "of an unfinished upload, since its last byte", files<&Files::upload_expiry>, kMinute,
        365 * kDay},
    Key{"files.checkpoint", "bytes between two syncs that acknowledge an upload's offset", files<&Files::checkpoint>,
        64 * kKiB, kGiB},
    Key{"files.trash_keep", "then what is in the trash is deleted for good; 0s: never", files<&Files::trash_keep>, 0,
        3650 * kDay},
    Key{"files.versions_keep", "older versions of a file, at most", files<&Files::versions_keep>, 0, 10'000},
    Key{"files.evict_versions_after", "in a full space, older versions of this age make room; 0s: none do",
        files<&Files::evict_versions_after>, 0, 3650 * kDay},
    Key{"files.uploads_per_user", "unfinished uploads of one account, at most", files<&Files::uploads_per_user>, 1,
        100'000},
    Key{"files.upload_bytes_per_user", "bytes announced with them, all together", files<&Files::upload_bytes_per_user>,
        kMiB, 1024 * kTiB},
    Key{"files.max_depth", "levels of folders below a space's own, at most", files<&Files::max_depth>, 1, 500},
    Key{"files.jobs_per_user", "acts on many files of one account that are under way at once, at most",
        files<&Files::jobs_per_user>, 1, 1000},
    Key{"files.job_items", "files and folders that one of them acts on, at most", files<&Files::job_items>, 100,
        10'000'000},
    Key{"files.jobs_keep", "how long its results are kept after its end, and its key runs once",
        files<&Files::jobs_keep>, kMinute, 30 * kDay},
    Key{"files.blob_grace", "between the last use of a file's bytes and their end", files<&Files::blob_grace>, kMinute,
        30 * kDay},
    Key{"files.sweep_every", "between two rounds of the sweeper", files<&Files::sweep_every>, kSecond, kDay},
    Key{"files.reserve", "bytes of its disk that uploads leave free, a tenth of it at most; 0: none",
        files<&Files::reserve>, 0, kTiB},

    Key{"log.level", "debug, info, warn or error", log<&Log::level>, 0, 0, "debug info warn error"},
    Key{"log.format", "text or json", log<&Log::format>, 0, 0, "text json"},
    Key{"log.output", "stderr, or files: logs/NODE/error.log in the shared folder", log<&Log::output>, 0, 0,
        "stderr files"},
    Key{"log.access", "a line of JSON a request: stdout, or files: logs/NODE/access.log; off: none", log<&Log::access>,
        0, 0, "off stdout files"},
    Key{"log.rotate_size", "bytes of a log file, then a new one is begun", log<&Log::rotate_size>, 64 * kKiB, kTiB},
    Key{"log.rotate_age", "then a new one is begun too, on the hour or day in UTC; 0s: never for its age",
        log<&Log::rotate_age>, 0, 365 * kDay},
    Key{"log.rotate_keep", "old files of each log that are kept", log<&Log::rotate_keep>, 1, 999},
    Key{"log.queue", "bytes of lines that wait for the disk; what is beyond is dropped and counted", log<&Log::queue>,
        64 * kKiB, kGiB},
};

}  // namespace

std::span<const Key> keys() noexcept { return kKeys; }

const Key* find_key(std::string_view name) noexcept {
    auto found = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& key) { return key.name == name; });
    return found == kKeys.end() ? nullptr : &*found;
}

}  // namespace bodega::config
