"""A share of a core for a process, as on a small machine: a control group with a quota, version 1 or 2."""
import os
import time

V1, V2 = "/sys/fs/cgroup/cpu", "/sys/fs/cgroup"
PERIOD_US = 20_000


def controller():
    """The folder where groups with a quota can be made, or None."""
    if os.path.exists(f"{V1}/cpu.cfs_quota_us") or os.path.exists(f"{V1}/tasks"):
        return V1 if os.access(V1, os.W_OK) else None
    try:
        usable = "cpu" in open(f"{V2}/cgroup.subtree_control").read().split()
    except OSError:
        return None
    return V2 if usable and os.access(V2, os.W_OK) else None


class CpuShare:
    """Requires controller(). end() moves the processes back; they end with their test."""

    def __init__(self, name, cores, pid):
        self.cores, self.root = cores, controller()
        self.path = f"{self.root}/bodega-{os.getpid()}-{name}"
        os.mkdir(self.path)
        quota = int(cores * PERIOD_US)
        if self.root == V1:
            self.write("cpu.cfs_period_us", PERIOD_US)
            self.write("cpu.cfs_quota_us", quota)
        else:
            self.write("cpu.max", f"{quota} {PERIOD_US}")
        self.write("cgroup.procs", pid)

    def write(self, name, value, folder=None):
        with open(f"{folder or self.path}/{name}", "w") as file:
            file.write(str(value))

    def end(self):
        with open(f"{self.path}/cgroup.procs") as file:
            for pid in file.read().split():
                self.write("cgroup.procs", pid, self.root)
        for _ in range(50):
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.05)  # one of its processes is just ending
