// Acts on many entries over the API.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/jobs/job_runner.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::Answer;
using test::AppServer;
using test::Caller;

const std::string kEntries = "/api/v1/entries/", kBatch = "/api/v1/entries/batch", kJobs = "/api/v1/jobs";

struct Office {
    explicit Office(AppServer& app) : ana(app.person("ana")), root(app.root_of("ana")) {}

    std::string folder(const std::string& name) {
        return ana("POST", kEntries + root + "/folders", json({{"name", name}}).dump()).json()["id"];
    }
    std::vector<std::string> folders(int count) {
        std::vector<std::string> ids;
        for (int i = 0; i < count; ++i) ids.push_back(folder("f" + std::to_string(i)));
        return ids;
    }

    // Returns when the job has ended: a call waits only briefly, and is repeated with the same key.
    Answer batch(json request, const std::string& key = base::Ulid::make().text()) {
        request["key"] = key;
        const auto until = base::Steady::now() + std::chrono::seconds(30);
        for (;;) {
            Answer answer = ana("POST", kBatch, request.dump());
            if (answer.status != 202 || base::Steady::now() > until) return answer;
        }
    }

    Caller ana;
    std::string root;
};

}  // namespace

TEST_CASE("a small batch is answered with its results, and its job stays visible", "[jobs]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Office office(app);
    auto ids = office.folders(3);
    ids.push_back("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    const auto answer = office.batch({{"act", "trash"}, {"ids", ids}});
    CHECK(answer.status == 200);
    const json job = answer.json();
    CHECK(answer.field("location") == kJobs + "/" + job["id"].get<std::string>());
    CHECK(job["state"] == "done");
    CHECK(job["total"] == 4);
    CHECK(job["done"] == 3);
    CHECK(job["failed"] == 1);
    CHECK(job["items"][0] ==
          json({{"id", ids[0]}, {"name", "f0"}, {"state", "done"}, {"code", nullptr}, {"result_id", nullptr}}));
    CHECK(job["items"][3]["code"] == "not_found");
    const json first = office.ana("GET", kJobs + "/" + job["id"].get<std::string>() + "?limit=3").json();
    CHECK(first["items"].size() == 3);
    const std::string cursor = first["next_cursor"];
    const json rest = office.ana("GET", kJobs + "/" + job["id"].get<std::string>() + "?cursor=" + cursor).json();
    CHECK(rest["items"].size() == 1);
    CHECK(rest["next_cursor"].is_null());
    const json failed = office.ana("GET", kJobs + "/" + job["id"].get<std::string>() + "?state=failed").json();
    CHECK(failed["items"].size() == 1);
    const json back = office.batch({{"act", "restore"}, {"job_id", job["id"]}}).json();
    CHECK(back["done"] == 3);
    CHECK(back["job_id"] == job["id"]);
    const json listed = office.ana("GET", kJobs + "?limit=1").json();
    CHECK(listed["items"][0]["id"] == back["id"]);
    CHECK_FALSE(listed["items"][0].contains("items"));
    CHECK(listed["next_cursor"].is_string());
    CHECK(office.ana("DELETE", kJobs + "/" + job["id"].get<std::string>()).status == 204);
    CHECK(app.services().catalog.read([](db::Connection& connection) {
        auto& row = connection.query({"test.audit", "SELECT COUNT(*) FROM audit WHERE action = 'entry.trash'"});
        return row.next() ? row.int64(0) : -1;
    }) == 3);
}

TEST_CASE("a longer batch becomes a job, and a key starts it only once", "[jobs]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Office office(app);
    const auto ids = office.folders(2);
    const std::string body = json({{"act", "trash"}, {"ids", ids}}).dump();
    const auto first = office.batch({{"act", "trash"}, {"ids", ids}}, "one");
    CHECK(first.status == 200);
    CHECK(office.ana("POST", kBatch, body, {{"Idempotency-Key", "\"one\""}}).json()["id"] == first.json()["id"]);
    const json again = office.ana("POST", kBatch, json({{"act", "trash"}, {"ids", ids}, {"key", "one"}}).dump()).json();
    CHECK(again["id"] == first.json()["id"]);
    Caller luis = app.person("luis");
    CHECK(luis("POST", kBatch, body, {{"Idempotency-Key", "one"}}).json()["failed"] ==
          2);  // keys of different users are independent
    // Another node holds the job for a while, so this one can't work on it.
    app.catalog().execute(
        {"test.open", "UPDATE jobs SET ended_at = NULL, state = 'running', lease_until = {now} + 60000"});
    CHECK(office.ana("POST", kBatch, body, {{"Idempotency-Key", "one"}}).status == 202);
}

TEST_CASE("malformed batches are refused with the mistake", "[jobs]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Office office(app);
    const std::string file = office.folder("a");
    json many = {{"act", "trash"}, {"ids", json::array()}};
    for (int i = 0; i <= 10'000; ++i) many["ids"].push_back(file);
    const json one = {{"act", "trash"}, {"ids", {file}}};
    Caller luis = app.person("luis");
    const std::string job = office.ana("POST", kBatch, one.dump()).json()["id"];
    test::run_cases(office.ana,
                    {{"no act", "POST", kBatch, R"({"ids":["x"]})", {}, 400, {"\\\"act\\\" is missing"}},
                     {"another act", "POST", kBatch, R"({"act":"burn"})", {}, 400, {"must be trash"}},
                     {"not ids", "POST", kBatch, R"({"act":"trash","ids":["x"]})", {}, 400, {"must be an id"}},
                     {"no list", "POST", kBatch, R"({"act":"trash","ids":"x"})", {}, 400, {"a list of ids"}},
                     {"none", "POST", kBatch, R"({"act":"trash","ids":[]})", {}, 400, {"at least one entry"}},
                     {"too many", "POST", kBatch, many.dump(), {}, 413, {"too_large"}},
                     {"a conflict of another kind",
                      "POST",
                      kBatch,
                      R"({"act":"move","on_conflict":"replace"})",
                      {},
                      400,
                      {"must be fail or rename"}},
                     {"an empty key",
                      "POST",
                      kBatch,
                      one.dump(),
                      {{"Idempotency-Key", "\"\""}},
                      400,
                      {"Idempotency-Key has to be 1 to 255"}},
                     {"a long key",
                      "POST",
                      kBatch,
                      one.dump(),
                      {{"Idempotency-Key", std::string(256, 'k')}},
                      400,
                      {"Idempotency-Key has to be"}},
                     {"a key of another call", "POST", kBatch, one.dump(), {{"Idempotency-Key", "k"}}, 200},
                     {"that comes again",
                      "POST",
                      kBatch,
                      R"({"act":"erase","ids":["01ARZ3NDEKTSV4RRFFQ69G5FAV"],"key":"k"})",
                      {},
                      422,
                      {"key_reused"}},
                     {"no job", "GET", kJobs + "/01ARZ3NDEKTSV4RRFFQ69G5FAV", "", {}, 404, {"not_found"}},
                     {"another state", "GET", kJobs + "/" + job + "?state=left_out", "", {}, 400, {"must be waiting"}},
                     {"another cursor", "GET", kJobs + "?cursor=AAAA", "", {}, 400, {"cursor"}}});
    test::run_cases(luis, {{"another's job", "GET", kJobs + "/" + job, "", {}, 404, {"not_found"}},
                           {"its end", "DELETE", kJobs + "/" + job, "", {}, 404, {"not_found"}}});
}

TEST_CASE("a token starts only jobs within its scope, and they are recorded as its own", "[jobs]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Office office(app);
    const std::string batch = json{{"act", "trash"}, {"ids", {office.folder("a")}}}.dump();
    Caller reader = app.anonymous();
    reader.token = office.ana("POST", "/api/v1/tokens", R"({"name":"r","scope":"read"})").json()["token"];
    CHECK(reader("POST", kBatch, batch).status == 403);
    CHECK(reader("GET", kJobs).status == 200);
    // Job endings are tested in store/jobs_test.cpp.
    Caller writer = app.anonymous();
    writer.token = office.ana("POST", "/api/v1/tokens", R"({"name":"w","scope":"write"})").json()["token"];
    CHECK(writer("POST", kBatch, batch).status < 300);
    CHECK(app.services().catalog.read([](db::Connection& connection) {
        auto& row = connection.query({"test.tokens",
                                      "SELECT COUNT(*) FROM jobs j, tokens t WHERE t.id = j.token_id "
                                      "AND t.user_id = j.user_id AND t.name = 'w'"});
        return row.next() ? row.int64(0) : -1;
    }) == 1);
}

}  // namespace bodega
