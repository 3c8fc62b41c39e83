// The error for a name that is taken in a folder. Contains the id of the existing entry if the caller may see it.
#pragma once

#include <string>

#include "base/error.h"
#include "base/ulid.h"

namespace bodega::app {

class NameTaken : public base::Error {
public:
    NameTaken(const std::string& name, const base::Ulid& existing_id)
        : base::Error(base::Code::name_taken, "The name \"" + name + "\" is taken in that folder. Choose another."),
          existing_id_(existing_id) {}

    const base::Ulid& existing_id() const noexcept { return existing_id_; }

private:
    base::Ulid existing_id_;
};

}  // namespace bodega::app
