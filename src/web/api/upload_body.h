// Receives a call's body in a session (base/upload_session.h). Either the edge or the app writes the body.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "app/tree/body_writer.h"
#include "app/tree/source.h"
#include "base/clock.h"
#include "web/call/call.h"
#include "web/call/upload_conversation.h"
#include "web/transport/body_reader.h"

namespace bodega::web {

// Requires: `body` outlives the returned source.
inline app::Source body_source(BodyReader& body) {
    return [&body](std::span<std::uint8_t> buffer) {
        return body.read({reinterpret_cast<char*>(buffer.data()), buffer.size()});
    };
}

// Passes a report of the edge to the session. answer(call, result) answers the client with the result of finish().
template <class Session, class Answer>
void take_report(Call& call, Session& session, const base::BodyReport& report, Answer answer) {
    if (report.stage == base::BodyReport::Stage::complete) return answer(call, session.finish(report));
    if (report.is_progress()) session.progress(report);
    else session.abort(report);
    call.reply_to_edge(base::ReportAccepted{});
}

// If the body took longer than this to receive, the caller is authenticated again before the upload is finished.
inline constexpr std::chrono::milliseconds kAuthenticated{500};

// Authenticates the caller again. If its session or token has ended meanwhile, refuses the body.
inline void authenticate_again(Call& call, base::UploadSession& session, const base::BodyReport& report) {
    try {
        call.authenticate_again();
    } catch (const base::Error&) {
        refuse_upload(session, report);
        throw;
    }
}

// Receives the body. If the edge offers to write the body, hands it over to the edge; otherwise reads the body on this
// thread. guard(call, report, act) runs `act` for each report, and answers the errors that need another answer than the
// dispatcher's. `answer` and `guard` are stored for later reports, so they have to own what they use.
template <class Session, class Answer, class Guarded>
void receive_body(Call& call, const std::shared_ptr<Session>& session, Answer answer, Guarded guard) {
    if (call.is_offer())
        return call.hand_over(session, [session, answer, guard](Call& later, const base::BodyReport& report) {
            guard(later, &report, [&] { take_report(later, *session, report, answer); });
        });
    const auto began = base::Steady::now();
    const base::BodyReport report = app::write_body(*session, body_source(call.body()), call.body().breaker());
    if (base::Steady::now() - began >= kAuthenticated) authenticate_again(call, *session, report);
    answer(call, session->finish(report));
}

}  // namespace bodega::web
