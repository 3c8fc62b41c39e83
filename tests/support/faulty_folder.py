"""A folder whose file system fails on request: build/faulty-fs (tests/fleet/faulty_fs.cpp) mounted over a plain folder."""
import errno
import os
import socket
import subprocess
from pathlib import Path

from bodega import Failed, until

PROGRAM = Path(__file__).resolve().parents[2] / "build" / "faulty-fs"


def is_there():
    """Whether a test can mount it on this machine."""
    return os.access("/dev/fuse", os.R_OK | os.W_OK) and os.geteuid() == 0


class FaultyFolder:
    """Mounted at `path` until close(). Its content is in `backing`, which others may mount, too."""

    def __init__(self, place, name="shared", backing="backing"):
        self.backing, self.path = os.path.join(place.path, backing), os.path.join(place.path, name)
        self.socket = self.path + ".orders"
        for folder in (self.backing, self.path):
            os.makedirs(folder, exist_ok=True)
        self.process = subprocess.Popen([PROGRAM, self.backing, self.path, self.socket], stdin=subprocess.DEVNULL)
        place.processes.append(self.process)
        place.closing.append(self)
        until(lambda: os.path.ismount(self.path) or self.process.poll() is not None, "the faulty folder is mounted")
        if self.process.poll() is not None:
            raise Failed(f"faulty-fs ended with {self.process.returncode}")

    def close(self):
        if self.process.poll() is None:
            self.clear()
        subprocess.run(["umount", "--lazy", self.path], stderr=subprocess.DEVNULL)

    def order(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20)
            s.connect(self.socket)
            s.sendall(line.encode())
            if s.recv(8) != b"ok\n":
                raise Failed(f"faulty-fs does not know: {line}")

    def fail(self, call, error, times=0):
        """`times` calls fail, 0: all until clear()."""
        self.order(f"fail {call} {getattr(errno, error)} {times}")

    def ghost(self, call, error, times=1):
        """The calls fail, but take effect."""
        self.order(f"ghost {call} {getattr(errno, error)} {times}")

    def stall(self, call, times=1, part=""):
        """The calls wait until clear() or release(). part: only calls with a path segment that matches this
        pattern."""
        self.order(f"stall {call} {times} {part}")

    def release(self):
        """Lets stalled calls continue; other faults stay."""
        self.order("release")

    def is_stalled(self):
        try:
            self.order("stalled")
        except Failed:
            return False
        return True

    def hang(self):
        self.order("hang")

    def hide(self):
        self.order("hide")

    def age(self, seconds, part):
        """Files with a path segment that matches this pattern look so many seconds older."""
        self.order(f"age {seconds} {part}")

    def fold(self):
        self.order("fold")

    def clear(self):
        self.order("clear")
