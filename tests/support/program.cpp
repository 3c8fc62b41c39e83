#include "support/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "base/fd.h"

namespace bodega::test {
namespace {

[[noreturn]] void become(char* const* command, int input, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvp(command[0], command);
    ::_exit(127);
}

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log, int input) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const base::Fd output(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const base::Fd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!output || !nothing) fail("open a log");
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child == 0) become(words.data(), input < 0 ? nothing.get() : input, output.get());
    return child;
}

void run_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
    const pid_t child = start_program(command, log);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) fail("waitpid");
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    throw std::runtime_error(command[0] + " failed:\n" + tail(log));
}

std::string tail(const std::filesystem::path& log) {
    std::ostringstream all;
    all << std::ifstream(log).rdbuf();
    const std::string text = all.str();
    return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

int free_port() {
    const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 || ::getsockname(socket.get(), generic, &size) != 0) {
        fail("find a free port");
    }
    return ntohs(address.sin_port);
}

}  // namespace bodega::test
