#!/usr/bin/env bash
# Rolls a binary out to the fleet of a bodega.yaml stack: uploads it, sets the stack's checksum, and replaces the nodes one
# by one, each only when its successor is ready. Exits when all nodes are new; exit status 1 if the refresh failed.
#
# usage: roll.sh STACK BUCKET BINARY      ($POLL: seconds between two checks; $LIMIT: seconds at most for the refresh)
set -euo pipefail
[ $# = 3 ] || { echo "usage: roll.sh STACK BUCKET BINARY" >&2; exit 2; }
stack=$1 bucket=$2 binary=$3
template=$(dirname "$0")/bodega.yaml
poll=${POLL:-15} limit=${LIMIT:-3600}

say() { echo "roll.sh: $*" >&2; }

output() {
    aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

sha256=$(sha256sum <"$binary")
sha256=${sha256%% *}
# Each binary has its own name, so the binary of the nodes that run now stays there.
key=bodega/$sha256/bodega
say "$binary is s3://$bucket/$key"
aws s3 cp --only-show-errors "$binary" "s3://$bucket/$key"
aws cloudformation deploy --stack-name "$stack" --template-file "$template" --capabilities CAPABILITY_IAM \
    --no-fail-on-empty-changeset --parameter-overrides "ReleaseUrl=s3://$bucket/$key" "ReleaseBucket=$bucket" "ReleaseSha256=$sha256"
group=$(output Group)
refresh=$(aws autoscaling start-instance-refresh --auto-scaling-group-name "$group" --query InstanceRefreshId --output text \
    --preferences '{"MinHealthyPercentage": 100, "InstanceWarmup": 60, "SkipMatching": true}')
say "refresh $refresh of the group $group has begun"
status=Pending
while [ "$SECONDS" -lt "$limit" ]; do
    status=$(aws autoscaling describe-instance-refreshes --auto-scaling-group-name "$group" --instance-refresh-ids "$refresh" \
        --query 'InstanceRefreshes[0].Status' --output text)
    case $status in
        Successful) say "all nodes are new"; exit 0 ;;
        Failed | Cancelled | RollbackFailed | RollbackSuccessful) say "the refresh is $status: the old nodes that are left go on"; exit 1 ;;
    esac
    sleep "$poll"
done
say "after $limit s the refresh is still $status; it goes on"
exit 1
