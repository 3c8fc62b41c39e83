// What a job does to one entry.
#pragma once

#include "app/auth/authorizer.h"
#include "store/jobs/job.h"

namespace bodega::app {

// Carries the job's act out on the item's entry, with the rights that the actor has now, and writes into the item what
// taking it back needs. What can't be done fails the item with the error's code and changes nothing.
// Throws db::Failure alone. Requires: a transaction; the item waits.
void act_on_item(db::Connection& connection, const Services& services, const Actor& actor, const store::Job& job,
                 store::JobItem& item);

}  // namespace bodega::app
