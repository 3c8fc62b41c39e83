// Checks that a database is fit for bodega. Pure functions.
#pragma once

#include "app/doctor/diagnosis.h"
#include "config/config.h"
#include "db/server_probe.h"
#include "db/server_trial.h"
#include "db/source.h"

namespace bodega::app {

struct CatalogProbe {
    db::ServerProbe server;
    std::vector<db::Trial> trials;
    int schema = 0;          // 0 if the database has no catalog yet
    int newest_schema = 0;   // the newest schema that this binary knows
    std::string unfinished;  // the reason why the catalog is not complete; empty for a complete one
    std::string foreign;     // the reason why the database belongs to another program, or empty
    int nodes = 0;           // number of nodes that are up
};

Diagnoses check_database(const CatalogProbe& probe, const db::Source& source, const config::Database& settings);

}  // namespace bodega::app
