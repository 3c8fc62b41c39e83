#!/usr/bin/env python3
"""JSON that costs more to parse than its size suggests: before a sign-in, and many large bodies at once."""
import contextlib
import http.client
import threading

from attack import *

CHEAP = ("--accounts-argon2-memory", "8MiB", "--accounts-argon2-passes", "1")


def body_of(kind, size):
    """A document of about `size` bytes that repeats one kind of value."""
    pieces = {"objects": "{}", "lists": "[]", "numbers": "1", "texts": '""', "nested": '{"b":[{}]}', "members": '"a":{}'}
    piece = pieces[kind]
    many = ",".join([piece] * (size // (len(piece) + 1)))
    return "{" + many + "}" if kind == "members" else '{"a":[' + many + "]}"


def post(server, path, body, content_type="application/json"):
    client = Client(server.url)
    return client("POST", path, body, {"Content-Type": content_type})[0]


def chunked(server, path, body, answers):
    """A body without a Content-Length that could be refused at once."""
    client = Client(server.url)
    connection = client.connection()
    with contextlib.closing(connection):
        try:
            connection.request("POST", path, iter([body[i:i + 16384] for i in range(0, len(body), 16384)]),
                               {"Content-Type": "application/json", "Origin": server.url}, encode_chunked=True)
            answers.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException):
            answers.append(0)


def test_no_kind_of_document_costs_much_before_a_sign_in(place):
    server = Server(place, *CHEAP).ready()
    server.set_up()
    for kind in ("objects", "lists", "numbers", "texts", "nested", "members"):
        with row(f"240 kB of JSON {kind} are refused unread", server, 0) as cost:
            for path in ("/api/v1/session", "/api/v1/setup"):
                same(post(server, path, body_of(kind, 240_000)), 413)
                same(post(server, path, body_of(kind, 5_000)), 413)
                same(post(server, path, body_of(kind, 3_500)), 400)
        expect(cost.cpu < 0.5, cost)
    with row("a deep document is refused", server, 0) as cost:
        same(post(server, "/api/v1/session", '{"a":' + "[" * 2000 + "]" * 2000 + "}"), 400)
    expect(cost.cpu < 0.2, cost)


def test_the_cost_of_json_is_linear_in_its_size(place):
    server = Server(place, *CHEAP).ready()
    client = server.set_up()
    target = f"/api/v1/entries/{client.root()}/folders"
    for kind in ("objects", "lists", "numbers", "texts", "nested", "members"):
        with row(f"64 kB of JSON {kind}, ten times", server, 0) as cost:
            for _ in range(10):
                status = client("POST", target, body_of(kind, 64_000), {"Content-Type": "application/json"})[0]
                same(status, 400)
                same(client("POST", target, body_of(kind, 70_000), {"Content-Type": "application/json"})[0], 413)
        expect(cost.cpu < 2, cost)


def test_memory_of_many_large_bodies_is_limited_and_released(place):
    server = Server(place, *CHEAP).ready()
    server.set_up()
    body, answers = body_of("objects", MIB).encode(), []

    def send():
        answers.append(post(server, "/api/v1/session", body))

    for name, target in (("with a length", send), ("chunked", lambda: chunked(server, "/api/v1/session", body, answers))):
        answers.clear()
        with row(f"40 bodies of 1 MiB at once, {name}", server, 8) as cost:
            threads = [threading.Thread(target=target) for _ in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        same(set(answers) - {413, 503, 0}, set())
        expect(cost.peak < 80 * MIB, cost)
        expect(cost.kept < 32 * MIB, cost)
        expect(cost.cpu < 3, cost)


if __name__ == "__main__":
    main()
