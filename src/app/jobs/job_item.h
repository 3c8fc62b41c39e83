// Acts on one entry of a job.
#pragma once

#include "app/auth/authorizer.h"
#include "store/jobs/job.h"

namespace bodega::app {

// Carries out the job's act on the item's entry, with the actor's current rights, and records in the item what is
// needed to undo it. If the act fails, changes nothing but the item: marks it as failed with the error's code. Throws
// only db::Failure. Requires: a transaction; the item is waiting.
void act_on_item(db::Connection& connection, const Services& services, const Actor& actor, const store::Job& job,
                 store::JobItem& item);

}  // namespace bodega::app
