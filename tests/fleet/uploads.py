#!/usr/bin/env python3
"""An upload continues at another node after its own was killed, drained, cut off or paused; nothing acknowledged is sent again."""
import os
import sys
import threading
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, digest_at, enter
from bodega import Client, expect, main, same, until
from tus import TUS, Upload

WINDOW = 8 << 20  # files.checkpoint
ON_THE_WAY = 4 << 20  # between the client and the disk of its node: what sockets and the edge hold
SIZE = 40 << 20
RATE = 6 << 20


class Running(threading.Thread):
    """An upload to one node until that is gone, and then to any node behind the balancer."""

    def __init__(self, fleet, node):
        super().__init__(daemon=True)
        self.fleet, self.node, self.error = fleet, node, None
        self.admin = fleet.client().sign_in(ADMIN)
        self.root = self.admin.root()
        client = Client(node.url)
        client.cookie = self.admin.cookie
        self.upload = Upload(client, self.root, f"by node {node.number}", os.urandom(SIZE), RATE, timeout=4)
        self.start()

    def run(self):
        try:
            self.upload.run()
        except Exception as error:
            self.error = error

    def offset(self):
        """The upload's offset, as another node reports it."""
        if not self.upload.where:
            return 0
        return int(self.admin("HEAD", self.upload.where, headers=TUS)[1]["upload-offset"])

    def moved(self):
        """Whether its bytes went to another file on the way."""
        return self.fleet.database.sql(f"SELECT file_id IS NOT NULL FROM bodega.uploads WHERE name = '{self.upload.name}'").strip() == "1"

    def move(self):
        self.upload.client.url = urllib.parse.urlsplit(self.fleet.url)

    def ends(self, nodes):
        """Checks that the upload has ended well, at each of the nodes."""
        self.join(120)
        expect(not self.is_alive(), "the upload does not end")
        if self.error:
            raise self.error
        expect(self.upload.interruptions >= 1 or not self.fleet.network.separate, "it was not interrupted")
        expect(self.upload.sent_again <= WINDOW + ON_THE_WAY, self.upload.sent_again)
        for node in nodes:
            until(node.is_ready, "the node is ready")
            same((node.number, *digest_at(node, self.admin.cookie, self.upload.entry_id)), (node.number, 200, self.upload.digest))


def sweeper(fleet):
    """The number of the node that has the sweeper's lease, and its token."""
    row = fleet.database.sql("SELECT n.name, l.fence FROM bodega.leases l JOIN bodega.nodes n ON n.id = l.owner "
                             "WHERE l.name = 'sweeper' AND l.expires_at > UNIX_TIMESTAMP(NOW(3)) * 1000").split()
    return (int(row[0].removeprefix("node")), int(row[1])) if row else None


def test_an_upload_continues_on_another_node(place):
    fleet = Fleet(place, nodes=5, flags=["--node-drain-limit", "1s", "--files-sweep-every", "1s"])
    number, fence = until(lambda: sweeper(fleet), "a node collects garbage")
    paused = fleet.nodes[number - 1]
    killed, drained, cut, _ = [node for node in fleet.nodes if node is not paused]
    uploads = [Running(fleet, node) for node in (killed, drained, cut, paused)]
    for running in uploads:
        until(lambda: running.error or running.offset() > SIZE // 3, "a third is acknowledged")
        running.move()
    killed.kill()
    paused.pause()
    if fleet.network.separate:
        cut.host.cut()
    same(drained.drain(), 0)
    for running in uploads:
        running.ends([node for node in fleet.running() if node not in (cut, paused)])
    # A drained node released its upload, which continued in the same file at once. A lost node keeps a file that no upload uses.
    same([running.moved() for running in uploads], [True, False, fleet.network.separate, True])

    # The one that is paused had another lease.
    until(lambda: sweeper(fleet) not in (None, (number, fence)), "another node collects garbage", 60, 0.2)
    other = sweeper(fleet)
    expect(other[0] != number and other[1] > fence, number, fence, other)

    # Two nodes wake up with bytes to write and to acknowledge, long after another node took the upload over.
    paused.go_on()
    if fleet.network.separate:
        cut.host.mend()
    for running in uploads:
        running.ends(fleet.running())
    same(sweeper(fleet), other)


if __name__ == "__main__":
    enter()
    main()
