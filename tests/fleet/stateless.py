#!/usr/bin/env python3
"""No node is special: a change at one node is visible at every other node in its next answer."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, enter
from bodega import PASSWORD, expect, main, same, until

def everywhere(fleet, condition):
    """Checks every node at once: the first answer of each counts, however busy the machine is."""
    for node in fleet.nodes:
        same((node.number, condition(node)), (node.number, True))


def on(node, client):
    """The same person at another node."""
    other = node.client()
    other.cookie, other.token = client.cookie, client.token
    return other


def status(node, client, path="/api/v1/session"):
    return on(node, client)("GET", path)[0]


def member(admin, name):
    code, _, body = admin("POST", "/api/v1/users", {"username": name, "password": PASSWORD})
    same(code, 201)
    return body["id"]


def test_every_node_sees_changes_at_once(place):
    # All start at once on an empty database: one of them migrates it, and one makes the administrator.
    fleet = Fleet(place, nodes=3)
    a_session_is_one_of_all(fleet)
    admin = fleet.client().sign_in(ADMIN)
    same([user["username"] for user in admin("GET", "/api/v1/users")[2]["items"]], [ADMIN])
    ben_id = member(admin, "ben")
    ben = fleet.nodes[1].client().sign_in("ben")
    a_token_is_revoked(fleet, ben)
    a_password_changes(fleet, admin, ben_id)
    an_account_is_disabled(fleet, admin, ben_id)
    a_membership_changes(fleet, admin, member(admin, "cleo"))
    throttles_are_shared(fleet, admin)
    a_set_up_token_counts_on_every_node_once(fleet)


def a_session_is_one_of_all(fleet):
    ana = fleet.nodes[0].client().sign_in(ADMIN)
    everywhere(fleet, lambda node: status(node, ana) == 200)
    same(on(fleet.nodes[1], ana)("DELETE", "/api/v1/session")[0], 204)
    everywhere(fleet, lambda node: status(node, ana) == 401)


def a_token_is_revoked(fleet, ben):
    code, _, made = ben("POST", "/api/v1/tokens", {"name": "script"})
    same(code, 201)
    script = fleet.nodes[0].client()
    script.token = made["token"]
    everywhere(fleet, lambda node: status(node, script) == 200)
    same(on(fleet.nodes[2], ben)("DELETE", f"/api/v1/tokens/{made['id']}")[0], 204)
    everywhere(fleet, lambda node: status(node, script) == 401)


def a_password_changes(fleet, admin, user_id):
    ben = fleet.nodes[0].client().sign_in("ben")
    other = "another horse battery"
    code, _, body = on(fleet.nodes[2], admin)("PATCH", f"/api/v1/users/{user_id}", {"password": other})
    expect(code == 200, code, body)
    everywhere(fleet, lambda node: status(node, ben) == 401)
    everywhere(fleet, lambda node: node.client()("POST", "/api/v1/session", {"username": "ben", "password": PASSWORD})[0] == 401)
    fleet.nodes[1].client().sign_in("ben", other)


def an_account_is_disabled(fleet, admin, user_id):
    ben = fleet.nodes[0].client().sign_in("ben", "another horse battery")
    everywhere(fleet, lambda node: status(node, ben) == 200)
    same(on(fleet.nodes[1], admin)("PATCH", f"/api/v1/users/{user_id}", {"disabled": True})[0], 200)
    everywhere(fleet, lambda node: status(node, ben) == 401)


def a_membership_changes(fleet, admin, user_id):
    cleo = fleet.nodes[0].client().sign_in("cleo")
    code, _, space = admin("POST", "/api/v1/spaces", {"name": "Team"})
    same(code, 201)
    listing, members = f"/api/v1/entries/{space['root_id']}/children", f"/api/v1/spaces/{space['id']}/members/{user_id}"
    make = f"/api/v1/entries/{space['root_id']}/folders"
    everywhere(fleet, lambda node: status(node, cleo, listing) == 404)
    same(on(fleet.nodes[0], admin)("PUT", members, {"role": "editor"})[0] // 100, 2)
    everywhere(fleet, lambda node: on(node, cleo)("POST", make, {"name": f"of node {node.number}"})[0] == 201)
    # Every other node shows at once what one node acknowledged.
    everywhere(fleet, lambda node: len(on(node, cleo)("GET", listing)[2]["items"]) == len(fleet.nodes))
    same(on(fleet.nodes[1], admin)("PUT", members, {"role": "viewer"})[0] // 100, 2)
    everywhere(fleet, lambda node: on(node, cleo)("POST", make, {"name": f"more of {node.number}"})[0] == 403)
    same(on(fleet.nodes[2], admin)("DELETE", members)[0], 204)
    everywhere(fleet, lambda node: status(node, cleo, listing) == 404)


def throttles_are_shared(fleet, admin):
    """All nodes together allow as many guesses as one would."""
    member(admin, "dora")

    def guess(node):
        return node.client()("POST", "/api/v1/session", {"username": "dora", "password": "a wrong guess"})[0]

    guesses = [guess(fleet.nodes[i % len(fleet.nodes)]) for i in range(14)]
    expect(set(guesses[:5]) == {401} and set(guesses[10:]) == {429}, guesses)
    everywhere(fleet, lambda node: node.client()("POST", "/api/v1/session", {"username": "dora", "password": PASSWORD})[0] == 429)


def a_set_up_token_counts_on_every_node_once(fleet):
    """In a fleet without an administrator."""
    fleet.environment.update(fleet.database.new_database("bodega_empty"), SHARED_DIR=f"{fleet.shared}-empty")
    del fleet.environment["BODEGA_ADMIN_USER"], fleet.environment["BODEGA_ADMIN_PASSWORD_FILE"]
    first, second = [fleet.new_node().start().ready() for _ in range(2)]
    body = {"token": setup_token(first), "username": "dan", "password": PASSWORD}
    code, _, answer = second.client()("POST", "/api/v1/setup", body)
    expect(code == 201, code, answer)
    for node in (first, second):
        same(node.client()("POST", "/api/v1/setup", {**body, "username": f"eve{node.number}"})[0] // 100, 4)
        same(node.client()("POST", "/api/v1/session", {"username": "dan", "password": PASSWORD})[0], 200)


def setup_token(node):
    import re
    return until(lambda: re.search(r"/setup\S*token=([\w.~-]+)", node.output()), "a set-up URL", 5)[1]


if __name__ == "__main__":
    enter()
    main()
