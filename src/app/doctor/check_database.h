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
    int schema = 0;          // 0: no catalog yet
    int newest_schema = 0;   // this binary's
    std::string unfinished;  // why the catalog is not complete; empty: it is
    std::string foreign;     // why the database belongs to another program; empty: it does not
    int nodes = 0;           // nodes that are up
};

Diagnoses check_database(const CatalogProbe& probe, const db::Source& source, const config::Database& settings);

}  // namespace bodega::app
