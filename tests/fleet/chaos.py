#!/usr/bin/env python3
"""kill -9 of random nodes at random moments, under uploads and mixed reads and writes: nothing acknowledged is lost.

CHAOS_KILLS, CHAOS_NODES and CHAOS_SEED (of an earlier run, to repeat its choices) say how much; the whole is `make chaos`.

alone: load and processor are shared by four nodes
"""
import os
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, enter
from bodega import expect, main, same
from fleet_people import Editor, Uploader, compare

UPLOADS, EDITORS = 24, 4
BETWEEN = (0.1, 3.4)  # seconds between two kills


class Chosen:
    kills = int(os.environ.get("CHAOS_KILLS", 6))
    nodes = int(os.environ.get("CHAOS_NODES", 3))
    seed = int(os.environ.get("CHAOS_SEED", 0)) or random.SystemRandom().randrange(1, 1 << 32)


def kill_at_random(fleet, kills, seed, people):
    """Each node is restarted at once, as its unit would do."""
    choice = random.Random(seed)
    for _ in range(kills):
        time.sleep(choice.uniform(*BETWEEN))
        node = choice.choice(fleet.nodes)
        node.kill()
        node.start()
        errors = [person.error for person in people if person.error]
        expect(not errors, errors)


def end(people):
    for person in people:
        person.stop()
    for person in people:
        person.join(600)
    unfinished = [person.folder_name for person in people if person.is_alive()]
    errors = [person.error for person in people if person.error]
    expect(not unfinished and not errors, unfinished, errors)


def compare_everywhere(fleet, people, cookie):
    found, threads = [], []
    for node in fleet.nodes:
        node.ready()
        threads.append(threading.Thread(target=lambda node=node: found.append(compare(people, node, cookie))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    same([], [one for wrong in found for one in wrong])
    same(len(found), len(fleet.nodes))


def report(people, chosen, seconds):
    uploaders = [person for person in people if isinstance(person, Uploader)]
    editors = [person for person in people if isinstance(person, Editor)]
    print(f"      {chosen.kills} kills of {chosen.nodes} nodes in {seconds:.0f} s; {sum(p.done for p in uploaders)} uploads, "
          f"{sum(p.bytes for p in uploaders) >> 20} MiB, interrupted {sum(p.interruptions for p in uploaders)} times, at most "
          f"{max(p.sent_again for p in uploaders) >> 10} KiB sent again, the longest took {max(p.longest for p in uploaders):.0f} s; "
          f"{sum(p.done for p in editors)} other calls, {sum(p.client.tries for p in editors)} of them tried again", flush=True)


def test_nothing_acknowledged_is_lost(place):
    chosen = Chosen
    print(f"      seed {chosen.seed}", flush=True)
    fleet = Fleet(place, nodes=chosen.nodes)
    admin = fleet.client().sign_in(ADMIN)
    people = [Uploader(fleet, admin, i, chosen.seed) for i in range(UPLOADS)]
    people += [Editor(fleet, admin, i, chosen.seed) for i in range(EDITORS)]
    begin = time.monotonic()
    for person in people:
        person.start()
    kill_at_random(fleet, chosen.kills, chosen.seed, people)
    end(people)
    report(people, chosen, time.monotonic() - begin)
    compare_everywhere(fleet, people, admin.cookie)
    code, out, err = place.run("fsck", "--node-data-dir", fleet.nodes[0].data, env=fleet.environment, timeout=600)
    expect(code == 0, out, err)


if __name__ == "__main__":
    enter()
    main()
