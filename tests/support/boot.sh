#!/bin/bash
# usage: boot.sh FOLDER [SECONDS]
#
# Boots systemd with its own processes, mounts, control groups and network, on this machine's files (writes go to memory),
# and runs FOLDER/script there, as /boot.test/script. The output is in FOLDER/output and the exit status in
# FOLDER/status; both are missing where such a boot is not possible. Ends all its processes after SECONDS (90) at the
# latest. Needs root.
set -euo pipefail

# In a mount namespace: makes a control group that systemd uses as its root.
outer() {
    local folder=$1 seconds=$2 memory=$1/memory group
    mount -t tmpfs tmpfs "$memory"
    mkdir "$memory"/{groups,upper,work,root}
    mount -t cgroup2 cgroup2 "$memory/groups"
    group=$memory/groups/boot-test-$$
    mkdir "$group"
    (
        echo 0 >"$group/cgroup.procs"
        exec timeout --signal=KILL "$seconds" unshare --cgroup --mount --pid --net --ipc --uts --fork --kill-child "$0" inner "$folder"
    ) || true
    find "$group" -depth -type d -exec rmdir {} \;
}

# As the first process of the namespaces: prepares the root and becomes systemd.
inner() {
    local folder=$1 root=$1/memory/root node units
    mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/memory/upper,workdir=$folder/memory/work" "$root"
    mount -t proc proc "$root/proc"
    mount --bind -o ro "$root/proc/sys" "$root/proc/sys"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for node in null zero full random urandom tty; do
        touch "$root/dev/$node"
        mount --bind "/dev/$node" "$root/dev/$node"
    done
    mkdir "$root"/dev/{pts,shm} "$root/boot.test"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    mount --bind "$folder" "$root/boot.test"
    ip link set lo up
    # Disables the services that this machine itself would start.
    units=$root/etc/systemd/system
    rm -rf "${units:?}"/* "$root"/usr/lib/systemd/system/*.wants
    cat >"$units/boot.target" <<'END'
[Unit]
Requires=systemd-journald.service boot.service
END
    cat >"$units/boot.service" <<'END'
[Service]
Type=oneshot
ExecStart=/bin/bash -c 'bash -eux /boot.test/script; echo $? >/boot.test/status; systemctl exit 0'
StandardOutput=file:/boot.test/output
StandardError=inherit
END
    exec env -i container=boot-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$root" /lib/systemd/systemd --system --unit=boot.target --show-status=0 --log-target=journal
}

case $1 in
    outer | inner) "$@" ;;
    *)
        mkdir -p "$1/memory"
        exec unshare --mount --propagation private "$0" outer "$(realpath "$1")" "${2:-90}"
        ;;
esac
