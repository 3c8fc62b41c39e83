#include "server/successor.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "config/value.h"

namespace bodega::server {
namespace {

using base::Code;
using base::Error;

constexpr int kFirst = 3;  // the first inherited descriptor: SD_LISTEN_FDS_START
constexpr std::string_view kControlVariable = "LISTEN_READY_FD";
// Control messages from the new process. Any other byte is the errno of a failed exec. kAgreed is the reply to kAsks.
constexpr char kReady = '1';       // the new process is ready and waits for no reply
constexpr char kAsks = '2';        // the new process is ready and waits for kAgreed
constexpr char kRefuses = '\x7f';  // the new process ends; the rest of the stream is the reason
constexpr char kAgreed = '1';
constexpr std::size_t kLongestReason = 1000;
// Time between two checks for signals during the wait for the reply.
constexpr std::chrono::milliseconds kPollInterval{50};
constexpr std::chrono::milliseconds kTermTimeout{5000};  // time between SIGTERM and SIGKILL

std::vector<std::string> own_arguments() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(file)), {});
    std::vector<std::string> words;
    for (std::size_t at = 0; at < all.size(); at += words.back().size() + 1) words.emplace_back(all.c_str() + at);
    return words;
}

// Returns the file that a shell would now start for this name. If a shell finds no file, returns the path of the
// running binary.
std::string find_executable(const std::string& name) {
    auto runs = [](const std::string& path) { return ::access(path.c_str(), X_OK) == 0; };
    if (name.find('/') != name.npos && runs(name)) return name;
    const char* path = std::getenv("PATH");
    for (std::string_view rest = path ? path : ""; name.find('/') == name.npos && !rest.empty();) {
        std::size_t colon = std::min(rest.find(':'), rest.size());
        std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
        if (runs(candidate)) return candidate;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    std::array<char, 4096> own{};
    ssize_t length = ::readlink("/proc/self/exe", own.data(), own.size() - 1);
    std::string_view text(own.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length)));
    constexpr std::string_view kDeleted = " (deleted)";  // the kernel adds this if the file was replaced
    if (text.ends_with(kDeleted)) text.remove_suffix(kDeleted.size());
    if (!runs(std::string(text))) throw Error(Code::io, "there is no file " + name + " to start");
    return std::string(text);
}

// Whether an environment variable concerns only this process, so that the new process must not get it.
bool is_own(std::string_view variable) {
    return variable.starts_with("LISTEN_") || variable.starts_with("WATCHDOG_PID=");
}

std::vector<std::string> environment_for(const std::vector<base::ListeningSocket>& sockets) {
    std::vector<std::string> out;
    for (char** entry = environ; entry && *entry; ++entry)
        if (!is_own(*entry)) out.emplace_back(*entry);
    std::string names;
    for (const base::ListeningSocket& socket : sockets)
        names.append(names.empty() ? "" : ":").append(socket.kept_elsewhere ? "given" : base::InheritedSockets::kOurs);
    out.push_back("LISTEN_FDS=" + std::to_string(sockets.size()));
    out.push_back("LISTEN_FDNAMES=" + names);
    out.push_back(std::string(kControlVariable) + "=" + std::to_string(kFirst + static_cast<int>(sockets.size())));
    out.push_back("LISTEN_PID=          ");  // the child fills this in: see write_process_id
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

// Forks a process as a child of this process's own parent. That parent may be systemd, which waits only for its own
// children: it would kill any other main process at once when it stops the unit. Returns the child's id and puts its
// pidfd into `fd`; returns 0 in the child.
pid_t fork_sibling(base::Fd& fd) {
    int pidfd = -1;
    auto process =
        static_cast<pid_t>(::syscall(SYS_clone, CLONE_PARENT | CLONE_PIDFD | SIGCHLD, nullptr, &pidfd, nullptr, 0));
    if (process < 0) throw base::system_error("start a new process", errno);
    if (process > 0) fd = base::Fd(pidfd);
    return process;
}

bool is_readable_within(int fd, std::chrono::milliseconds limit) noexcept {
    pollfd watched{fd, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(limit.count())) > 0;
}

std::string read_reason(int fd) {
    std::string text(kLongestReason, '\0');
    const ssize_t n = ::recv(fd, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, n)));
    return text;
}

// Whether the descriptor is a socket. An earlier version of bodega passes a pipe instead, which can carry no reply.
bool is_socket(int fd) noexcept {
    struct stat found {};
    return ::fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

// --- code for the child between fork and exec, where only system calls are safe

void write_process_id(char* text) noexcept {
    char* at = text + std::string_view("LISTEN_PID=").size();
    auto [end, error] = std::to_chars(at, at + 10, ::getpid());
    *end = '\0';
}

// This process blocks its signals and reads them from a descriptor. The new process must start with them unblocked.
void unblock_signals() noexcept {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Moves fds[i] to the number kFirst + i. First moves all of them to higher numbers, so that none overwrites another.
void install_descriptors(std::vector<int>& fds) noexcept {
    int count = static_cast<int>(fds.size());
    for (int& fd : fds) fd = ::fcntl(fd, F_DUPFD, kFirst + count);
    for (int i = 0; i < count; ++i) ::dup2(fds[static_cast<std::size_t>(i)], kFirst + i);
    ::syscall(SYS_close_range, kFirst + count, ~0U, 0);  // if this fails, the descriptors are close-on-exec anyway
}

}  // namespace

Successor::Successor(const std::vector<base::ListeningSocket>& sockets) {
    std::vector<std::string> arguments = own_arguments();
    if (arguments.empty()) throw Error(Code::io, "/proc does not say how this process was started");
    executable_ = find_executable(arguments.front());
    std::vector<std::string> environment = environment_for(sockets);
    std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw base::system_error("make a pair of sockets", errno);
    control_ = base::Fd(ends[0]);
    base::Fd theirs(ends[1]);
    std::vector<int> fds;
    fds.reserve(sockets.size() + 1);
    for (const base::ListeningSocket& socket : sockets) fds.push_back(socket.fd);
    fds.push_back(theirs.get());
    process_ = fork_sibling(handle_);
    if (process_ > 0) return;
    write_process_id(environment.back().data());
    unblock_signals();
    install_descriptors(fds);
    ::execve(executable_.c_str(), argv.data(), envp.data());
    char error = static_cast<char>(errno);
    ::_exit(::write(kFirst + static_cast<int>(sockets.size()), &error, 1) == 1 ? 127 : 126);
}

Successor::~Successor() {
    if (state_ != State::ready) end_it();
}

Successor::State Successor::await(config::Duration limit) {
    if (state_ != State::starting || !is_readable_within(control_.get(), limit)) return state_;
    char word = 0;
    ssize_t n = ::read(control_.get(), &word, 1);
    if (n < 0 && errno == EINTR) return state_;
    const bool agreed = n == 1 && word == kAsks && ::send(control_.get(), &kAgreed, 1, MSG_NOSIGNAL) == 1;
    state_ = agreed || (n == 1 && word == kReady) ? State::ready : State::failed;
    if (n == 1 && word == kRefuses) failure_reason_ = read_reason(control_.get());
    else if (n == 1 && word != kReady && word != kAsks) failure_reason_ = std::generic_category().message(word);
    if (state_ == State::failed) end_it();
    return state_;
}

// Ends the new process by a signal to its pidfd. Before Linux 5.2 there is no pidfd, and the signal goes to the process
// id. That id may belong to another process by then, because this process is not the parent and does not reap the new
// process. Closes the socket first, so that a new process that becomes ready only now sees that nobody waits for it.
void Successor::end_it() {
    control_.reset();
    auto send = [this](int signal) {
        if (handle_) ::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0);
        else ::kill(process_, signal);
    };
    send(SIGTERM);
    if (!is_readable_within(handle_.get(), kTermTimeout)) send(SIGKILL);
    is_readable_within(handle_.get(), kTermTimeout);
}

UpgradeParent::UpgradeParent() {
    const char* text = std::getenv(kControlVariable.data());
    auto fd = config::parse_integer(text ? text : "");
    ::unsetenv(kControlVariable.data());
    if (!fd || *fd < kFirst || *fd > 1024 || ::fcntl(static_cast<int>(*fd), F_SETFD, FD_CLOEXEC) != 0) return;
    control_ = base::Fd(static_cast<int>(*fd));
}

// Writes the message in one call, so that the reader gets all of it. If the reader is an earlier version of bodega, it
// takes the message's first byte for an errno.
void UpgradeParent::refuse(std::string_view why) noexcept {
    if (!control_) return;
    try {
        const std::string text = kRefuses + std::string(why.substr(0, kLongestReason));
        static_cast<void>(::write(control_.get(), text.data(), text.size()) > 0);
    } catch (const std::bad_alloc&) {
        return;  // an error is ignored: the reason is in the log too
    }
    control_.reset();
}

bool UpgradeParent::agree(Signals& signals) noexcept {
    if (!control_) return true;
    const base::Fd word = std::move(control_);
    const char said = is_socket(word.get()) ? kAsks : kReady;
    if (::write(word.get(), &said, 1) != 1) return false;
    if (said == kReady) return true;
    while (!is_readable_within(word.get(), kPollInterval)) {
        if (signals.is_stopped_within(config::Duration::zero())) break;
    }
    // A reply that arrived together with the stop counts, because the parent has then stopped serving.
    char answer = 0;
    return ::recv(word.get(), &answer, 1, MSG_DONTWAIT) == 1 && answer == kAgreed;
}

}  // namespace bodega::server
