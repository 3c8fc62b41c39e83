// Runs the C++ tests; `make test` calls it once a suite.
#include <catch2/catch_session.hpp>
#include <csignal>

int main(int argc, char** argv) {
    // As in the server: a closed peer is an error of write(2), and does not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    return Catch::Session().run(argc, argv);
}
