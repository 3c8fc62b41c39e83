// The composition root: hands argv to the command line.
#include <cstdio>
#include <string>

#include "base/version.h"

int main() {
    std::string line = "bodega " + std::string(bodega::base::version()) + "\n";
    std::fputs(line.c_str(), stdout);
    return 0;
}
