#!/bin/bash
# Sets an instance of Amazon Linux up as a node of bodega, as /etc/bodega/node.conf says: mounts the shared directory,
# writes .env with the secrets that the instance's role may read, starts the service and waits until it is ready. It does
# not touch what is already correct. bodega-node of user-data.yaml runs it, as root, from the binary that it has checked:
#
#     INSTANCE=i-… AWS_DEFAULT_REGION=us-east-1 bash -c "$(bodega kit cloud-init/node.sh)"
set -euo pipefail
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
config=/etc/bodega
home=/var/lib/bodega
binary=/usr/local/bin/bodega
unit=/etc/systemd/system/bodega.service
owner=771  # the same on every node, because files on NFS belong to a number, not to a name
# Exists while something has changed since the service was started, until the service has been restarted.
changed=/run/bodega-node.changed
# shellcheck source=/dev/null
. "$config/node.conf"

say() { echo "bodega-node: $*" >&2; }

# within SECONDS PAUSE COMMAND...: repeats the command until it succeeds. Fails when the seconds are over.
within() {
    local end=$((SECONDS + $1)) pause=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || { say "gave up on: $*"; return 1; }
        sleep "$pause"
    done
}

# replace FILE MODE [MARK]: replaces the file with standard input in one step. If the content differs, touches MARK.
replace() {
    local new
    new=$(mktemp "$1.XXXXXX")
    cat >"$new"
    chmod "$2" "$new"
    case $1 in "$config"/*) chown bodega:bodega "$new" ;; esac
    if cmp -s "$new" "$1"; then rm -f "$new"; return; fi
    mv -f "$new" "$1"
    touch "${3:-$changed}"
}

# secret NAME: prints the value of a secret in Secrets Manager or, with ssm:, in Parameter Store.
secret() {
    local value python
    case $1 in
        ssm:*) value=$(aws ssm get-parameter --name "${1#ssm:}" --with-decryption --query Parameter.Value --output text) || return ;;
        *) value=$(aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text) || return ;;
    esac
    python=$(command -v python3 || command -v python) || return
    case $value in
        '{'*) "$python" -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)["password"])' <<<"$value" ;;
        *) printf '%s' "$value" ;;
    esac
}

# setting NAME VALUE: prints one line of .env. No other process sees the value.
setting() { printf '%s="%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"$]/\\&/g')"; }

account() {
    getent group bodega >/dev/null || groupadd --system --gid "$owner" bodega
    getent passwd bodega >/dev/null ||
        useradd --system --uid "$owner" --gid bodega --home-dir "$home" --no-create-home --shell /sbin/nologin bodega
    install -d -o bodega -g bodega -m 0750 "$home"
}

need() { command -v "$1" >/dev/null || yum --assumeyes --quiet install "$2"; }

# is_mounted SOURCE TYPE OPTIONS: succeeds if exactly this is mounted at SHARED_DIR. With TLS, mount.efs makes an NFS mount
# from a port of this machine; efs-utils keeps a state file that is named by file system, folder and port. rsize and wsize
# are not compared, because the server may lower them.
is_mounted() {
    local wanted=$1 source type shown option port place
    case $wanted in *:/) ;; *) wanted=${wanted%/} ;; esac  # as mount.nfs4 does
    read -r source type shown < <(findmnt --noheadings --raw --output SOURCE,FSTYPE,OPTIONS --mountpoint "$SHARED_DIR" | tail -n 1) || return
    if [ "$2" = efs ]; then
        port=$(sed -n 's/.*,port=\([0-9]*\).*/\1/p' <<<",$shown")
        place=${SHARED_DIR#/}
        [ "$source $type" = '127.0.0.1:/ nfs4' ] && [ -e "/run/efs/${1%%:*}.${place//\//.}.$port" ] || return
    else
        [ "$source $type" = "$wanted $2" ] || return
    fi
    for option in ${3//,/ }; do
        case $option in _netdev | tls | rsize=* | wsize=*) continue ;; esac
        case ",$shown," in *",${option/#nfsvers=/vers=},"*) ;; *) return 1 ;; esac
    done
}

# Stops the service and unmounts SHARED_DIR. If another process still uses it, the mount stays and the service starts
# again with it.
unmount_shared() {
    say "$SHARED_DIR is not what node.conf says: it is mounted again, with the service stopped"
    [ ! -e "$unit" ] || systemctl stop bodega.service
    while mountpoint -q "$SHARED_DIR"; do
        within 5 1 timeout 20 umount "$SHARED_DIR" && continue
        say "$SHARED_DIR is in use: see lsof $SHARED_DIR, end that, and run bodega-node again"
        [ ! -e "$unit" ] || systemctl start bodega.service
        return 1
    done
    touch "$changed"
}

mount_shared() {
    local source=$SHARED_FILE_SYSTEM type=nfs4 line text
    local options=nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev
    case $SHARED_FILE_SYSTEM in fs-*) source=$SHARED_FILE_SYSTEM.efs.$AWS_DEFAULT_REGION.amazonaws.com:/ ;; esac
    if [ "$ENCRYPT_IN_TRANSIT" = yes ]; then
        source=$SHARED_FILE_SYSTEM:/ type=efs options=tls,noresvport,_netdev
    fi
    if [ "$type" = efs ]; then need mount.efs amazon-efs-utils; else need mount.nfs4 nfs-utils; fi
    install -d -m 0755 "$SHARED_DIR"
    line="$source $SHARED_DIR $type $options 0 0"
    if ! grep -qxF "$line" /etc/fstab || ! is_mounted "$source" "$type" "$options"; then
        ! mountpoint -q "$SHARED_DIR" || unmount_shared
        text=$(awk -v dir="$SHARED_DIR" '$2 != dir' /etc/fstab)
        replace /etc/fstab 0644 <<<"$text"$'\n'"$line"
        systemctl daemon-reload
        # The DNS name of a new file system takes up to 90 seconds to resolve everywhere.
        within 300 2 mount "$SHARED_DIR"
        is_mounted "$source" "$type" "$options" || { say "mounted at $SHARED_DIR is not $line, but $(findmnt --noheadings --mountpoint "$SHARED_DIR")"; return 1; }
    fi
    [ "$(stat -c %u "$SHARED_DIR")" = "$owner" ] || chown bodega:bodega "$SHARED_DIR"
}

# settings PREFIX: prints the lines of node.conf that are settings of bodega and not empty.
settings() { grep -E "^$1_[A-Z0-9_]+=('[^']|[^'])" "$config/node.conf" || true; }

environment() {
    echo "# Written by bodega-node from $config/node.conf; changes here are lost when it runs again."
    setting BODEGA_NODE_NAME "$INSTANCE"
    setting BODEGA_NODE_DATA_DIR "$home"
    [ -z "$SHARED_FILE_SYSTEM" ] || setting SHARED_DIR "$SHARED_DIR"
    if [ -n "$DB_HOST" ]; then
        settings DB
        [ -z "$database_password" ] || setting DB_PASSWORD_FILE "$config/database-password"
        [ -z "$DATABASE_CA_URL" ] || setting DB_SSL_CA "$config/database-ca.pem"
    fi
    settings BODEGA
    if [ -n "$admin_password" ]; then
        setting BODEGA_ADMIN_USER "$ADMIN_USER"
        setting BODEGA_ADMIN_PASSWORD_FILE "$config/admin-password"
    fi
    [ -z "$cluster_secret" ] || setting BODEGA_EDGE_ACME_SECRET_FILE "$config/cluster-secret"
}

database_authority() {
    curl --fail --silent --show-error --location --retry 5 --max-time 60 --output "$config/database-ca.new" "$DATABASE_CA_URL"
    replace "$config/database-ca.pem" 0644 <"$config/database-ca.new"
    rm -f "$config/database-ca.new"
}

configure() {
    local database_password="" admin_password="" cluster_secret="" text
    [ -z "$DB_HOST" ] || [ -z "$DATABASE_SECRET" ] || database_password=$(secret "$DATABASE_SECRET")
    [ -z "$ADMIN_SECRET" ] || admin_password=$(secret "$ADMIN_SECRET")
    [ -z "$CLUSTER_SECRET" ] || cluster_secret=$(secret "$CLUSTER_SECRET")
    [ -z "$DB_HOST" ] || [ -z "$DATABASE_CA_URL" ] || database_authority
    # No restart: the service reads the file again when the database refuses the previous password.
    [ -z "$database_password" ] || replace "$config/database-password" 0600 /dev/null <<<"$database_password"
    [ -z "$admin_password" ] || replace "$config/admin-password" 0600 <<<"$admin_password"
    [ -z "$cluster_secret" ] || replace "$config/cluster-secret" 0600 <<<"$cluster_secret"
    text=$(environment)
    replace "$config/.env" 0600 <<<"$text"
}

start() {
    local text systemd
    # The unit is filled in from .env in the current folder.
    text=$(cd "$config" && "$binary" kit systemd/bodega.service)
    # systemd 219 of Amazon Linux 2 does not know these sets of system calls, and would refuse all calls. It does not know
    # the prefix "+" either: without it, ExecStartPre only waits for the mount.
    systemd=$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
    [ "$systemd" -ge 239 ] || text=$(grep -vE '^SystemCall(Filter|ErrorNumber)=' <<<"$text" | sed 's/^ExecStartPre=+/ExecStartPre=/')
    replace "$unit" 0644 <<<"$text"
    systemctl daemon-reload
    systemctl enable --quiet bodega.service
    if [ -e "$changed" ]; then systemctl restart bodega.service; else systemctl start bodega.service; fi
    rm -f "$changed"
    within "$READY_LIMIT" 1 curl --fail --silent --insecure --max-time 5 --output /dev/null "$READY_URL"
}

# Sends the log files to CloudWatch. A node works without it, too.
collect_logs() {
    local agent=/opt/aws/amazon-cloudwatch-agent
    [ -x "$agent/bin/amazon-cloudwatch-agent-ctl" ] || yum --assumeyes --quiet install amazon-cloudwatch-agent || return
    (cd "$config" && "$binary" kit observability/cloudwatch-agent.json) |
        sed "s,\"log_group_name\": \"bodega\",\"log_group_name\": \"$LOG_GROUP\"," >"$agent/etc/bodega.json" || return
    "$agent/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$agent/etc/bodega.json" >/dev/null
}

account
[ -z "$SHARED_FILE_SYSTEM" ] || mount_shared
configure
start
[ -z "$LOG_GROUP" ] || collect_logs || say "the logs are not collected"
