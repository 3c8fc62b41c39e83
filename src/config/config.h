// All settings of bodega with their defaults: one struct, filled once at start and constant afterwards.
//
// A key `edge.head_timeout` is Config::edge.head_timeout; keys.cpp holds the table that maps keys, flags and variables
// to these members. Sizes are bytes, durations are std::chrono::milliseconds. Each comment says what an empty string or
// a zero means; none means "unlimited" by accident.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bodega::config {

using Duration = std::chrono::milliseconds;
using namespace std::chrono_literals;

struct Node {
    std::string name;                      // empty: the host's name
    std::string data_dir = "bodega-data";  // created if missing; on a local disk: the SQLite file and the app's socket
    std::string shared_dir;                // empty: data_dir; in a fleet, the shared mount (SHARED_DIR)
    Duration drain_delay = 0s;             // how long a stop reports "not ready" before it refuses new connections
    Duration drain_limit = 30s;            // how long a stop waits for requests in flight
    Duration upgrade_limit = 1min;         // how long SIGUSR2 waits for the new process to be ready
    std::string imds = "auto";             // EC2's notices of this machine's shutdown: auto, off, or the service's URL
    Duration imds_every = 5s;              // time between two checks for notices
};

// A row of [[edge.upstreams]]: a named group of servers of one kind.
struct Upstream {
    std::string name;
    std::vector<std::string> servers;     // "127.0.0.1:5000", "app.internal:5000 weight=2", "unix:/run/app.sock"
    std::string balance = "round_robin";  // or "least_connections"
    int connections = 256;                // open connections to each server, over all loops
    Duration idle_timeout = 1min;         // a connection that was idle longer is not reused
    int queue = 1024;                     // requests that wait for a connection
    Duration wait = 5s;                   // how long a request waits for a free connection; then 503
    Duration connect_timeout = 5s;
    Duration timeout = 60s;       // wait for a response to begin, and between two reads of it
    int max_fails = 3;            // consecutive failures that take a server out
    Duration fail_timeout = 10s;  // how long the server stays out
    std::string health_path;      // path of the health check; empty: no health checks
    std::string health_host;      // Host field of health checks; empty: the upstream's name
    Duration health_interval = 5s;
    Duration resolve_interval = 30s;  // time between two DNS look-ups of a server's name
    std::string origin;               // "config.toml:12"
};

// A row of [[edge.routes]]: which requests go to which target.
struct Route {
    std::string host;                     // "files.example.org", "*.example.org"; empty: any
    std::string path = "/";               // a prefix of whole path segments
    std::string to;                       // "app", "upstream:NAME", "folder:PATH", "redirect:URL"
    std::string rewrite;                  // replaces the prefix; empty: it stays
    std::string pass_host;                // the upstream's Host field; empty: the client's
    int status = 308;                     // status of a redirect
    std::string rate_limit;               // requests from one address, as Edge::rate_limit and in addition to it
    std::string request_body = "buffer";  // buffer: an upstream gets it whole; stream: as it arrives
    std::vector<std::string> upgrades = {"websocket"};  // Upgrade protocols that are forwarded to an upstream
    std::vector<std::string> set_request;               // "Name: value"
    std::vector<std::string> remove_request;            // "Name"
    std::vector<std::string> set_response;
    std::vector<std::string> remove_response;
    std::string origin;
};

struct Tls {
    std::vector<std::string>
        certificates;  // "FULLCHAIN.PEM KEY.PEM" each; the first also serves names that no certificate has
    Duration certificates_check = 5s;  // time between two checks whether those files changed
    Duration handshake_timeout = 10s;  // from accept to the end of the handshake
    Duration ticket_rotation = 8h;     // a session ticket's key encrypts for this long, then it only decrypts
    std::string kernel = "off";        // auto: the kernel encrypts what is sent, where it can (kTLS); off
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
    std::vector<std::string> listen = {"http://127.0.0.1:8080"};  // empty: no embedded edge
    std::string admin_listen;     // "http://127.0.0.1:9180": /metrics, /livez, /readyz, without authentication
    int loops = 0;                // event loop threads; 0: one per core
    int max_connections = 20000;  // total; above it the edge closes the longest idle connection, or refuses the new one
    int max_connections_per_address = 1000;
    std::vector<std::string> trusted_proxies;  // networks of proxies whose statements about the client are trusted
    std::string trusted_fields =
        "x-forwarded";                 // the fields that those proxies set: x-forwarded or forwarded (RFC 7239)
    std::string rate_limit;            // requests from one address, "100/s burst=200"; empty: no limit
    std::int64_t max_head = 32 << 10;  // bytes of a request's line and fields
    int max_fields = 100;
    std::int64_t buffer = 64 << 10;       // bytes buffered per direction and connection before reading stops
    std::int64_t max_memory = 512 << 20;  // bytes held for all connections together; above it 503, or a stream's reset
    std::string spool_dir;  // folder for request bodies that don't fit in memory; empty: the system's temporary one
    std::int64_t spool_limit = 1 << 30;  // bytes of all such bodies together; above it 503
    std::int64_t min_rate =
        256;  // bytes per second of a body, on average; in addition to body_timeout and send_timeout
    std::int64_t compress_above = 1 << 10;  // a proxied text is compressed from this many bytes on; 0: never
    std::string error_pages;                // folder of 404.html, 5xx.html, …; empty: the built-in ones
    Duration head_timeout = 10s;            // from a request's first byte to its blank line
    Duration body_timeout = 60s;            // between two reads of a body
    Duration send_timeout = 60s;            // between two writes that make progress
    Duration idle_timeout = 75s;            // keep-alive: between two requests
    std::string http2 = "on";               // on: offered in addition to HTTP/1.1; off
    int http2_streams = 100;                // concurrent requests of one connection
    std::int64_t http2_memory =
        4 << 20;  // bytes held for one connection; above it the connection's next requests are reset
    std::int64_t http2_window = 1 << 20;  // bytes of bodies that a client may send ahead on a connection
    std::int64_t file_memory = 16 << 20;  // bytes of small files kept in memory, all loops together; 0: none
    int file_threads = 4;                 // threads that read file data that is not in the page cache
    int upstream_connections = 320;       // connections to the app, over all loops; at most app.threads + app.uploads
    Duration upstream_wait = 5s;          // how long a request waits for a free connection; then 503
    Duration upstream_timeout = 60s;      // wait for the app's response to begin, and between two reads of it
    Duration tunnel_timeout = 10min;      // without a byte in either direction, after an Upgrade
    std::vector<Upstream> upstreams;      // these two are set only in config.toml
    std::vector<Route> routes;            // requests that match no route go to bodega itself
    Tls tls;
    Acme acme;
};

struct App {
    std::string
        listen;         // for a proxy such as NGINX, "127.0.0.1:5000" or a socket's path; empty: only the embedded edge
    int threads = 64;   // requests handled at once
    int uploads = 256;  // file bodies received at once, in addition to app.threads
    std::vector<std::string> trusted_proxies = {
        "127.0.0.1/32", "::1/128"};       // networks whose X-Forwarded-* and X-Accel-Capable are trusted
    std::string proxy_secret_file;        // secret that a trusted proxy must send over TCP with X-Forwarded-*
    std::int64_t max_json = 1 << 20;      // bytes of a JSON body
    std::int64_t max_memory = 128 << 20;  // bytes of requests to `listen` that are buffered; above it 503
    std::string public_url;               // empty: from the request; else "https://files.example.org"
    std::vector<std::string>
        allowed_origins;  // origins whose pages may call the API, with a token: "https://portal.example.org"
    std::int64_t listing_cache = 16 << 20;  // bytes of rendered listings in the cache
};

struct Database {
    std::string url;              // empty: sqlite in data_dir; "sqlite:PATH" or "mysql://USER@HOST:PORT/NAME"
    std::string password;         // never in the URL, never logged; DB_PASSWORD
    std::string password_file;    // DB_PASSWORD_FILE
    std::string ssl_ca;           // CA bundle (PEM); if set, TLS with verification is required; DB_SSL_CA
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
    std::int64_t argon2_memory = 64 << 20;  // bytes per hash
    int argon2_passes = 2;
    int argon2_concurrency = 2;  // concurrent hashes; others wait
    int attempts = 10;           // failed sign-ins per account and network in attempts_window; see app/auth/throttle.h
    Duration attempts_window = 15min;
    Duration audit_keep = 400 * 24h;  // age at which audit entries are deleted; 0: never
    std::string admin_user;           // the first administrator, for a start without a person: BODEGA_ADMIN_USER
    std::string admin_password_file;  // BODEGA_ADMIN_PASSWORD_FILE
};

struct Files {
    std::int64_t max_file = std::int64_t{5} << 40;  // bytes of one file
    Duration upload_expiry = 7 * 24h;               // lifetime of an unfinished upload, from its last byte
    std::int64_t checkpoint = 8 << 20;              // bytes between two fsyncs that acknowledge an upload's offset
    Duration trash_keep = 30 * 24h;                 // age at which trash is deleted for good; 0: never
    int versions_keep = 20;                         // maximum number of older versions of a file
    Duration evict_versions_after =
        0s;                       // in a full space, older versions above this age are deleted for room; 0: never
    int uploads_per_user = 1000;  // unfinished uploads of one account
    std::int64_t upload_bytes_per_user = std::int64_t{10}
                                         << 40;  // total declared size of one account's unfinished uploads
    int max_depth = 100;                         // nesting of folders: levels below a space's root folder
    int jobs_per_user = 20;                      // jobs (acts on many files) of one account that run or wait at once
    int job_items = 200'000;                     // maximum number of files and folders in one job
    Duration jobs_keep = 24h;                    // how long a finished job's results are kept and its key stays used
    Duration blob_grace = 1h;                    // from the deletion of a blob's last row to the deletion of its file
    Duration sweep_every = 10min;                // time between two garbage collections
    std::int64_t reserve =
        64 << 20;  // bytes of the shared folder's disk that uploads leave free, at most a tenth of the disk; 0: none
};

struct Log {
    std::string level = "info";           // debug, info, warn, error
    std::string format = "text";          // text or json
    std::string output = "stderr";        // or "files": <shared>/logs/<node>/error.log
    std::string access = "off";           // one line per request: "stdout", or "files": …/access.log
    std::int64_t rotate_size = 64 << 20;  // bytes after which a new log file begins
    Duration rotate_age = 24h;            // a new file begins at each multiple of it since 1970 in UTC; 0: never
    int rotate_keep = 8;                  // number of old files of each log
    std::int64_t queue = 4 << 20;         // bytes of lines that wait to be written; lines above it are dropped
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
