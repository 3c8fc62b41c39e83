// Entry point: passes argv to the command line.
#include "cli/run.h"

int main(int argc, char** argv) { return bodega::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc}); }
