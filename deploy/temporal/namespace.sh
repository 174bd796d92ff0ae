#!/bin/sh
# Makes the namespace and waits until the server knows it. Safe to run again.
# Environment: TEMPORAL_HOST, TEMPORAL_NAMESPACE, RETENTION (a duration, used when the namespace is made).
set -eu

# By address: the name "temporal" in front of a colon could be taken for a scheme.
host=$(getent hosts "$TEMPORAL_HOST" | awk '{ print $1; exit }')
[ -n "$host" ] || { echo "no address for $TEMPORAL_HOST" >&2; exit 1; }
address=$host:7233

# Runs a command until it succeeds, 30 times at most, two seconds apart.
persist() {
  for attempt in $(seq 1 30); do
    if "$@"; then return 0; fi
    echo "not yet ($attempt of 30): $*" >&2
    sleep 2
  done
  return 1
}

known() { temporal operator namespace describe --address "$address" -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; }
# The namespace reaches the server's cache some seconds after it was made.
usable() { temporal operator search-attribute list --address "$address" -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; }

persist temporal operator cluster health --address "$address"
known || temporal operator namespace create --address "$address" -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
persist usable
echo "namespace $TEMPORAL_NAMESPACE is ready"
