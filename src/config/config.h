// Every setting of bodega with its default: one struct, filled once at start and constant after.
//
// A key `edge.head_timeout` is Config::edge.head_timeout; keys.cpp holds the table that maps keys,
// flags and variables to these members. Sizes are bytes, durations std::chrono::milliseconds.
// An empty string or a zero means what its comment says, never "unlimited" by accident.
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
    std::string data_dir = "bodega-data";  // made if missing; local disk: the SQLite file and the app's socket
    std::string shared_dir;                // empty: data_dir; on a fleet, the shared mount (SHARED_DIR)
    Duration drain_delay = 0s;             // how long a stop says "not ready" before it refuses new connections
    Duration drain_limit = 30s;            // how long SIGTERM waits for requests in flight
    Duration upgrade_limit = 1min;         // how long SIGUSR2 waits for the new process to be ready
    std::string imds = "auto";             // EC2's notices of this machine's end: auto, off, or the service's URL
    Duration imds_every = 5s;              // between two looks at them
};

// A row of [[edge.upstreams]]: servers of one kind, behind one name.
struct Upstream {
    std::string name;
    std::vector<std::string> servers;     // "127.0.0.1:5000", "app.internal:5000 weight=2", "unix:/run/app.sock"
    std::string balance = "round_robin";  // or "least_connections"
    int connections = 256;                // to each server, open at once, all loops together
    Duration idle_timeout = 1min;         // a connection that was idle for longer is not used again
    int queue = 1024;                     // requests that wait for one of them
    Duration wait = 5s;                   // for a free one; then 503
    Duration connect_timeout = 5s;
    Duration timeout = 60s;       // for an answer to begin, and between two reads of it
    int max_fails = 3;            // failures in a row that take a server out
    Duration fail_timeout = 10s;  // for so long
    std::string health_path;      // empty: none is asked for
    std::string health_host;      // Host of those requests; empty: the upstream's name
    Duration health_interval = 5s;
    Duration resolve_interval = 30s;  // of names
    std::string origin;               // "config.toml:12"
};

// A row of [[edge.routes]]: what is answered by whom.
struct Route {
    std::string host;                     // "files.example.org", "*.example.org"; empty: any
    std::string path = "/";               // a prefix of whole segments
    std::string to;                       // "app", "upstream:NAME", "folder:PATH", "redirect:URL"
    std::string rewrite;                  // what the prefix becomes; empty: stays
    std::string pass_host;                // what the upstream is told as Host; empty: what the client said
    int status = 308;                     // of a redirect
    std::string rate_limit;               // of requests from one address, as Edge::rate_limit, on top of it
    std::string request_body = "buffer";  // an upstream gets it whole; or stream: as it comes
    std::vector<std::string> upgrades = {"websocket"};  // protocols of Upgrade that are passed on to an upstream
    std::vector<std::string> set_request;               // "Name: value"
    std::vector<std::string> remove_request;            // "Name"
    std::vector<std::string> set_response;
    std::vector<std::string> remove_response;
    std::string origin;
};

struct Tls {
    std::vector<std::string> certificates;  // "FULLCHAIN.PEM KEY.PEM" each; the first is for names that none has
    Duration certificates_check = 5s;       // between two looks whether those files changed
    Duration handshake_timeout = 10s;       // from a connection's first moment to the end of its handshake
    Duration ticket_rotation = 8h;          // a session ticket's key encrypts for so long, then it only decrypts
    std::string kernel = "off";             // auto: the kernel encrypts what is sent, where it can (kTLS); off
    Duration hsts = 0s;                     // Strict-Transport-Security's max-age on answers over TLS; 0: none
};

// A certificate that nodes get from an authority by themselves (RFC 8555).
struct Acme {
    std::vector<std::string> names;  // of the certificate: "files.example.org"; empty: none is ordered
    std::string directory = "https://acme-v02.api.letsencrypt.org/directory";
    std::string contact;      // a mail address for the authority; may be empty
    std::string authorities;  // PEM file of those that vouch for the directory's server; empty: the system's
    std::string secret_file;  // the cluster's secret, which seals keys in the catalog: the same on every node
    Duration retry = 15min;   // after an order that failed
};

struct Edge {
    std::vector<std::string> listen = {"http://127.0.0.1:8080"};  // empty: no embedded edge
    std::string admin_listen;     // "http://127.0.0.1:9180": /metrics, /livez, /readyz, for anyone who reaches it
    int loops = 0;                // event loop threads; 0: one per core
    int max_connections = 20000;  // in all; over it the longest idle one is closed, else refused
    int max_connections_per_address = 1000;
    std::vector<std::string> trusted_proxies;    // networks in front of the edge whose word on the client counts
    std::string trusted_fields = "x-forwarded";  // where they write it: x-forwarded or forwarded (RFC 7239)
    std::string rate_limit;                      // of requests from one address, "100/s burst=200"; empty: none
    std::int64_t max_head = 32 << 10;            // request line and fields, bytes
    int max_fields = 100;
    std::int64_t buffer = 64 << 10;       // bytes buffered per direction and connection before reading stops
    std::int64_t max_memory = 512 << 20;  // bytes held for all connections together; over it 503, or a stream's reset
    std::string spool_dir;               // of bodies for upstreams that are too large for a buffer; empty: the system's
    std::int64_t spool_limit = 1 << 30;  // bytes of them, all together; over it 503
    std::int64_t min_rate = 256;         // bytes a second of a body, on average, beyond body_timeout and send_timeout
    std::int64_t compress_above = 1 << 10;  // bytes of a proxied text; 0: never
    std::string error_pages;                // folder of 404.html, 5xx.html, …; empty: the built-in ones
    Duration head_timeout = 10s;            // from a request's first byte to its blank line
    Duration body_timeout = 60s;            // between two reads of a body
    Duration send_timeout = 60s;            // between two writes that progress
    Duration idle_timeout = 75s;            // keep-alive, between requests
    std::string http2 = "on";               // on: offered beside HTTP/1.1; off
    int http2_streams = 100;                // requests at once of a connection
    std::int64_t http2_memory = 4 << 20;    // bytes held for one connection; over it its next requests are reset
    std::int64_t http2_window = 1 << 20;    // bytes of bodies that a client may send ahead on a connection
    std::int64_t file_memory = 16 << 20;    // bytes of small files kept in memory, all loops together; 0: none
    int file_threads = 4;                   // for file reads that the page cache has not
    int upstream_connections = 320;         // to the app, all loops together; not more than app.threads + app.uploads
    Duration upstream_wait = 5s;            // for a free one; then 503
    Duration upstream_timeout = 60s;        // for the app's answer to begin, and between two reads of it
    Duration tunnel_timeout = 10min;        // without a byte either way, after an Upgrade
    std::vector<Upstream> upstreams;        // config.toml alone has these two
    std::vector<Route> routes;              // what none of them takes is bodega's own
    Tls tls;
    Acme acme;
};

struct App {
    std::string
        listen;         // for a proxy such as NGINX, "127.0.0.1:5000" or a socket's path; empty: for our own edge alone
    int threads = 64;   // requests at work at once
    int uploads = 256;  // bodies of files being received at once, beside app.threads
    std::vector<std::string> trusted_proxies = {"127.0.0.1/32",
                                                "::1/128"};  // whose X-Forwarded-* and X-Accel-Capable count
    std::string proxy_secret_file;             // over TCP, what a trusted proxy has to say beside X-Forwarded-*
    std::int64_t max_json = 1 << 20;           // bytes of a JSON body
    std::int64_t max_memory = 128 << 20;       // bytes of requests to `listen` held until they are whole; over it 503
    std::string public_url;                    // empty: from the request; else "https://files.example.org"
    std::vector<std::string> allowed_origins;  // whose pages may call the API, by token: "https://portal.example.org"
    std::int64_t listing_cache = 16 << 20;     // bytes of rendered listings kept
};

struct Database {
    std::string url;              // empty: sqlite in data_dir; "sqlite:PATH" or "mysql://USER@HOST:PORT/NAME"
    std::string password;         // never in the URL, never logged; DB_PASSWORD
    std::string password_file;    // DB_PASSWORD_FILE
    std::string ssl_ca;           // PEM; given: TLS with verification is required; DB_SSL_CA
    int pool_size = 16;           // connections at most
    Duration pool_wait = 1200ms;  // of a call for one, or for a database that is away; then 503
    Duration connect_timeout = 2s;
    Duration start_wait = 1min;  // serve, for a database that is away; then it fails
    Duration query_timeout = 30s;
};

struct Accounts {
    Duration session_lifetime = 30 * 24h;  // from the last use
    Duration setup_lifetime = 30min;       // of the printed set-up URL
    int password_min_length = 10;
    std::int64_t argon2_memory = 64 << 20;  // bytes a hash
    int argon2_passes = 2;
    int argon2_concurrency = 2;  // hashes at once; more wait
    int attempts = 10;           // wrong passwords per account and network in attempts_window; see app/auth/throttle.h
    Duration attempts_window = 15min;
    Duration audit_keep = 400 * 24h;  // then what was done is forgotten; 0: never
    std::string admin_user;           // unattended first start: BODEGA_ADMIN_USER
    std::string admin_password_file;  // BODEGA_ADMIN_PASSWORD_FILE
};

struct Files {
    std::int64_t max_file = std::int64_t{5} << 40;  // bytes of one file
    Duration upload_expiry = 7 * 24h;               // an unfinished upload, since its last byte
    std::int64_t checkpoint = 8 << 20;              // bytes between two fsyncs that acknowledge an upload's offset
    Duration trash_keep = 30 * 24h;                 // then it is deleted for good; 0: for ever
    int versions_keep = 20;                         // older versions of a file, at most
    Duration evict_versions_after = 0s;             // in a full space, older versions of this age make room; 0: none do
    int uploads_per_user = 1000;                    // unfinished uploads of one account
    std::int64_t upload_bytes_per_user = std::int64_t{10} << 40;  // bytes announced with them, all together
    int max_depth = 100;       // folders in folders: levels below a space's own folder
    int jobs_per_user = 20;    // acts on many files of one account that are under way at once
    int job_items = 200'000;   // files and folders that one of them acts on
    Duration jobs_keep = 24h;  // its results, after its end; its key runs once for as long
    Duration blob_grace = 1h;  // between a blob's last row and its file's end
    Duration sweep_every = 10min;
    std::int64_t reserve =
        64 << 20;  // bytes of the shared folder's disk that uploads leave free, a tenth at most; 0: none
};

struct Log {
    std::string level = "info";           // debug, info, warn, error
    std::string format = "text";          // text or json
    std::string output = "stderr";        // or "files": <shared>/logs/<node>/error.log
    std::string access = "off";           // a line a request: "stdout", or "files": …/access.log
    std::int64_t rotate_size = 64 << 20;  // bytes of a log file, then a new one is begun
    Duration rotate_age = 24h;            // a new one at each whole multiple since 1970 in UTC; 0: never for its age
    int rotate_keep = 8;                  // old files of each log
    std::int64_t queue = 4 << 20;         // bytes of lines that wait to be written; beyond it they are dropped
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
