// How good a database is for bodega. Pure functions.
#pragma once

#include "app/doctor/diagnosis.h"
#include "config/config.h"
#include "db/server_probe.h"
#include "db/server_trial.h"
#include "db/source.h"

namespace bodega::app {

struct CatalogFacts {
    db::ServerFacts server;
    std::vector<db::Trial> trials;
    int schema = 0;          // 0: none yet
    int newest_schema = 0;   // of this binary
    std::string unfinished;  // why it is not whole; empty: it is
    std::string foreign;     // what refuses a database that is another program's
    int nodes = 0;           // that live
};

Diagnoses judge_database(const CatalogFacts& facts, const db::Source& source, const config::Database& settings);

}  // namespace bodega::app
