// What the drivers throw: a base::Error that also says what the Pool may do about it.
#pragma once

#include <string>

#include "base/error.h"

namespace bodega::db {

class Failure : public base::Error {
public:
    enum class Kind : std::uint8_t {
        again,   // roll back and run the transaction once more: a deadlock, a lock that took too long
        lost,    // the connection is of no use; a new one may work
        exists,  // a CREATE or ADD of what is there already, a DROP of what is not
        other,
    };

    Failure(Kind kind, base::Code code, const std::string& message, int retry_after = 0)
        : Error(code, message, retry_after), kind_(kind) {}

    Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

// The connection broke between COMMIT and its answer: the transaction may be there or not.
class CommitLost : public Failure {
public:
    CommitLost(const std::string& message, std::string session)
        : Failure(Kind::lost, base::Code::unavailable, message, 1), session_(std::move(session)) {}

    // Which session asked: see Connection::end_session.
    const std::string& session() const noexcept { return session_; }

private:
    std::string session_;
};

}  // namespace bodega::db
