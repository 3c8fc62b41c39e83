// All settings of bodega with their defaults: one struct, filled once at start and constant afterwards.
//
// The key `edge.head_timeout` is the member Config::edge.head_timeout; keys.cpp holds the table that maps keys, flags
// and variables to these members. Sizes are bytes, durations are std::chrono::milliseconds. Each comment says what an
// empty string or a zero means. A zero means "unlimited" only where its comment says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bodega::config {

using Duration = std::chrono::milliseconds;
using namespace std::chrono_literals;

struct Node {
    std::string name;  // name of this node; empty: the host's name
    // Created if missing. Holds the SQLite file and the app's socket, so it must be on a local disk.
    std::string data_dir = "bodega-data";
    // Folder of the files, the same one for all nodes. Empty: data_dir. Also set by SHARED_DIR.
    std::string shared_dir;
    Duration drain_delay = 0s;      // a stopping node reports "not ready" for this long, then refuses new connections
    Duration drain_limit = 30s;     // how long a stop waits for requests in flight
    Duration upgrade_limit = 1min;  // how long SIGUSR2 waits for the new process to be ready
    // Whether to ask EC2 for notices of this machine's shutdown: auto, off, or the metadata service's URL.
    std::string imds = "auto";
    Duration imds_every = 5s;  // time between two checks for such a notice
};

// A row of [[edge.upstreams]]: a named group of servers that give the same answers.
struct Upstream {
    std::string name;
    std::vector<std::string> servers;     // "127.0.0.1:5000", "app.internal:5000 weight=2", "unix:/run/app.sock"
    std::string balance = "round_robin";  // "round_robin" or "least_connections"
    int connections = 256;                // open connections to each server, over all loops
    Duration idle_timeout = 1min;         // a connection that was idle longer is not reused
    int queue = 1024;                     // maximum number of requests that wait for a connection
    Duration wait = 5s;                   // how long a request waits for a free connection; then 503
    Duration connect_timeout = 5s;
    // Maximum wait for the first byte of a response, and between two reads of the response.
    Duration timeout = 60s;
    int max_fails = 3;            // after this many consecutive failures, a server gets no requests
    Duration fail_timeout = 10s;  // for this long, a failed server gets no requests
    std::string health_path;      // path of the health check; empty: no health checks
    std::string health_host;      // Host field of health checks; empty: the upstream's name
    Duration health_interval = 5s;
    Duration resolve_interval = 30s;  // time between two DNS look-ups of a server's name
    std::string origin;               // for messages: "config.toml:12"
};

// A row of [[edge.routes]]: which requests match, and where they go.
struct Route {
    std::string host;                     // "files.example.org", "*.example.org"; empty: any
    std::string path = "/";               // prefix of the request's path, in whole segments
    std::string to;                       // "app", "upstream:NAME", "folder:PATH", "redirect:URL"
    std::string rewrite;                  // replaces the prefix `path`; empty: the path is not changed
    std::string pass_host;                // the upstream's Host field; empty: the client's
    int status = 308;                     // status of a redirect
    std::string rate_limit;               // limit for each client address, in addition to Edge::rate_limit
    std::string request_body = "buffer";  // buffer: an upstream gets the complete body; stream: as it arrives
    std::vector<std::string> upgrades = {"websocket"};  // Upgrade protocols that are forwarded to an upstream
    std::vector<std::string> set_request;               // request fields to set: "Name: value"
    std::vector<std::string> remove_request;            // names of request fields to remove
    std::vector<std::string> set_response;
    std::vector<std::string> remove_response;
    std::string origin;
};

struct Tls {
    // Each item is "FULLCHAIN.PEM KEY.PEM". A client that asks for a name that is in no certificate gets the first one.
    std::vector<std::string> certificates;
    Duration certificates_check = 5s;  // how often to check whether those files changed
    Duration handshake_timeout = 10s;  // maximum time from accept to the end of the handshake
    Duration ticket_rotation = 8h;     // a key encrypts new session tickets for this long, then only decrypts
    std::string kernel = "off";        // auto: the kernel encrypts sent data if it can (kTLS); off: it never does
    Duration hsts = 0s;                // max-age of Strict-Transport-Security on responses over TLS; 0: not sent
};

// A certificate that the nodes order from an authority themselves (RFC 8555).
struct Acme {
    std::vector<std::string> names;  // names of the certificate: "files.example.org"; empty: no certificate is ordered
    std::string directory = "https://acme-v02.api.letsencrypt.org/directory";
    std::string contact;      // a mail address for the authority; optional
    std::string authorities;  // CA bundle (PEM) that verifies the directory's server; empty: the system's
    std::string secret_file;  // file of the cluster's secret, which seals keys in the catalog; the same on every node
    Duration retry = 15min;   // pause after a failed order
};

struct Edge {
    std::vector<std::string> listen = {"http://127.0.0.1:8080"};  // addresses of the edge; empty: no embedded edge
    // Address of /metrics, /livez and /readyz, without authentication: "http://127.0.0.1:9180". Empty: none.
    std::string admin_listen;
    int loops = 0;  // event loop threads; 0: one per core
    // Maximum for all loops together. Above it, the edge closes the connection that was idle for the longest time, or
    // refuses the new one.
    int max_connections = 20000;
    int max_connections_per_address = 1000;
    std::vector<std::string> trusted_proxies;  // networks of proxies whose statements about the client are trusted
    // The fields that the trusted proxies set: x-forwarded or forwarded (RFC 7239).
    std::string trusted_fields = "x-forwarded";
    std::string rate_limit;            // requests from one address, "100/s burst=200"; empty: no limit
    std::int64_t max_head = 32 << 10;  // maximum bytes of a request's line and fields
    int max_fields = 100;
    std::int64_t buffer = 64 << 10;  // bytes buffered per direction and connection before reading stops
    // Bytes held for all connections together. Above it, a request gets a 503, or its HTTP/2 stream is reset.
    std::int64_t max_memory = 512 << 20;
    std::string spool_dir;  // folder for request bodies that don't fit in memory; empty: the system's temporary one
    std::int64_t spool_limit = 1 << 30;  // bytes of all spooled bodies together; above it, a request gets a 503
    // Minimum average bytes per second of a body; applies in addition to body_timeout and send_timeout.
    std::int64_t min_rate = 256;
    std::int64_t compress_above = 1 << 10;  // proxied text is compressed if it has at least this many bytes; 0: never
    std::string error_pages;                // folder of 404.html, 5xx.html, …; empty: the built-in ones
    Duration head_timeout = 10s;            // maximum time from a request's first byte to its blank line
    Duration body_timeout = 60s;            // maximum time between two reads of a body
    Duration send_timeout = 60s;            // maximum time between two writes that make progress
    Duration idle_timeout = 75s;            // maximum time between two requests of a connection (keep-alive)
    std::string http2 = "on";               // on: HTTP/2 is offered in addition to HTTP/1.1; off: only HTTP/1.1
    int http2_streams = 100;                // maximum concurrent requests of one HTTP/2 connection
    // Bytes held for one connection. Above it, the connection's next requests are reset.
    std::int64_t http2_memory = 4 << 20;
    // Bytes of bodies that a client may send on a connection before the server has read them.
    std::int64_t http2_window = 1 << 20;
    std::int64_t file_memory = 16 << 20;  // bytes of small files kept in memory, all loops together; 0: none
    int file_threads = 4;                 // threads that read file data that is not in the page cache
    int upstream_connections = 320;       // connections to the app, over all loops; at most app.threads + app.uploads
    Duration upstream_wait = 5s;          // how long a request waits for a free connection; then 503
    // Maximum wait for the first byte of the app's response, and between two reads of the response.
    Duration upstream_timeout = 60s;
    Duration tunnel_timeout = 10min;  // after an Upgrade: maximum time without a byte in either direction
    std::vector<Upstream> upstreams;  // upstreams and routes are set only in config.toml
    std::vector<Route> routes;        // requests that match no route go to bodega itself
    Tls tls;
    Acme acme;
};

struct App {
    // For a proxy such as NGINX: "127.0.0.1:5000" or a socket's path. Empty: only the embedded edge calls the app.
    std::string listen;
    int threads = 64;   // maximum number of requests handled at the same time
    int uploads = 256;  // maximum number of file bodies received at the same time, in addition to app.threads
    int queue = 1024;   // connections to the app that wait for a thread; further ones are closed
    // Connections to `listen` that hold no thread: idle, or with an incomplete request or answer. Further ones are
    // closed.
    int connections = 8192;
    Duration head_timeout = 10s;  // maximum time from a request's first byte to its blank line
    Duration body_timeout = 60s;  // maximum time between two reads of a request, or two writes of an answer
    // Maximum time between two requests. Longer than the proxy's limit, so that the proxy closes the connection first.
    Duration idle_timeout = 5min;
    // Minimum average bytes per second of a body or an answer. Checked once body_timeout has passed.
    std::int64_t min_rate = 256;
    // Networks of proxies whose fields X-Forwarded-* and X-Accel-Capable are trusted.
    std::vector<std::string> trusted_proxies = {"127.0.0.1/32", "::1/128"};
    std::string proxy_secret_file;        // secret that a trusted proxy must send over TCP with X-Forwarded-*
    std::int64_t max_json = 1 << 20;      // maximum bytes of a JSON body
    std::int64_t max_memory = 128 << 20;  // bytes of buffered requests to `listen`; above it, a request gets a 503
    std::string public_url;               // "https://files.example.org"; empty: derived from each request
    // Origins whose pages may call the API, with a token: "https://portal.example.org".
    std::vector<std::string> allowed_origins;
    std::int64_t listing_cache = 16 << 20;  // maximum bytes of rendered listings in the cache
};

struct Database {
    std::string url;            // empty: sqlite in data_dir; "sqlite:PATH" or "mysql://USER@HOST:PORT/NAME"
    std::string password;       // not allowed in the URL; never logged; also set by DB_PASSWORD
    std::string password_file;  // file that holds the password; also set by DB_PASSWORD_FILE
    // CA bundle (PEM). If it is set, the connection must use TLS with verification. Also set by DB_SSL_CA.
    std::string ssl_ca;
    int pool_size = 16;           // maximum number of connections
    Duration pool_wait = 1200ms;  // how long a call waits for a connection, or for a database that is down; then 503
    Duration connect_timeout = 2s;
    Duration start_wait = 1min;  // how long serve waits for a database that is down; then it fails
    Duration query_timeout = 30s;
};

struct Accounts {
    Duration session_lifetime = 30 * 24h;  // lifetime of a sign-in, from its last use
    Duration setup_lifetime = 30min;       // lifetime of the printed set-up URL
    int password_min_length = 10;
    std::int64_t argon2_memory = 64 << 20;  // bytes of memory to hash one password
    int argon2_passes = 2;
    int argon2_concurrency = 2;  // maximum number of passwords hashed at the same time; other sign-ins wait
    // Maximum failed sign-ins per account and network in attempts_window (app/auth/throttle.h).
    int attempts = 10;
    Duration attempts_window = 15min;
    Duration audit_keep = 400 * 24h;  // age at which audit entries are deleted; 0: never
    // Name of the first administrator, for an unattended installation. Also set by BODEGA_ADMIN_USER.
    std::string admin_user;
    // File that holds this administrator's password; also set by BODEGA_ADMIN_PASSWORD_FILE.
    std::string admin_password_file;
};

struct Files {
    std::int64_t max_file = std::int64_t{5} << 40;  // maximum bytes of one file
    Duration upload_expiry = 7 * 24h;               // lifetime of an unfinished upload, from its last byte
    std::int64_t checkpoint = 8 << 20;              // bytes between two fsyncs that acknowledge an upload's offset
    Duration trash_keep = 30 * 24h;                 // age at which trashed entries are deleted for good; 0: never
    int versions_keep = 20;                         // maximum number of older versions of a file
    // If a space is full, older versions above this age are deleted to make room. 0: never.
    Duration evict_versions_after = 0s;
    int uploads_per_user = 1000;  // maximum unfinished uploads of one account
    // Maximum total of the declared sizes of one account's unfinished uploads.
    std::int64_t upload_bytes_per_user = std::int64_t{10} << 40;
    int max_depth = 100;           // maximum nesting of folders: levels below a space's root folder
    int jobs_per_user = 20;        // maximum jobs (acts on many files) of one account that run or wait
    int job_items = 200'000;       // maximum number of files and folders in one job
    Duration jobs_keep = 24h;      // how long a finished job's results are kept, and its Idempotency-Key is remembered
    Duration blob_grace = 1h;      // time from the removal of a blob's last reference to the deletion of its file
    Duration sweep_every = 10min;  // time between two garbage collections
    // Bytes of the shared folder's disk that uploads leave free, but at most a tenth of the disk. 0: none.
    std::int64_t reserve = 64 << 20;
};

struct Log {
    std::string level = "info";           // debug, info, warn, error
    std::string format = "text";          // text or json
    std::string output = "stderr";        // "stderr", or "files": <shared>/logs/<node>/error.log
    std::string access = "off";           // one line per request: "off", "stdout" or "files" (…/access.log)
    std::int64_t rotate_size = 64 << 20;  // size in bytes at which a new log file begins
    // A new log file begins at each multiple of this time since 1970-01-01 UTC. 0: never.
    Duration rotate_age = 24h;
    int rotate_keep = 8;           // number of old files that are kept of each log
    std::int64_t queue = 4 << 20;  // bytes of lines that wait to be written; further lines are dropped
};

struct Config {
    Node node;
    Edge edge;
    App app;
    Database database;
    Accounts accounts;
    Files files;
    Log log;
};

}  // namespace bodega::config
