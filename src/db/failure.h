// The drivers' exception: a base::Error that also tells the Pool whether to retry.
#pragma once

#include <string>

#include "base/error.h"

namespace bodega::db {

class Failure : public base::Error {
public:
    enum class Kind : std::uint8_t {
        again,   // roll back and run the transaction again: a deadlock or a lock timeout
        lost,    // the connection is unusable; a new one may work
        exists,  // a CREATE or ADD of an existing object, a DROP of a missing one
        other,
    };

    Failure(Kind kind, base::Code code, const std::string& message, int retry_after = 0)
        : Error(code, message, retry_after), kind_(kind) {}

    Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

// The connection broke between COMMIT and its answer: the transaction may or may not be applied.
class CommitLost : public Failure {
public:
    CommitLost(const std::string& message, std::string session)
        : Failure(Kind::lost, base::Code::unavailable, message, 1), session_(std::move(session)) {}

    // The session that sent COMMIT: see Connection::end_session.
    const std::string& session() const noexcept { return session_; }

private:
    std::string session_;
};

}  // namespace bodega::db
