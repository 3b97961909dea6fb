#!/usr/bin/env bash
# Debian packages that the cluster tests need: packages.sh [NAME...] installs what is missing, or says what to install.
# Without names: all of them.
set -euo pipefail
all=(buildah mmdebstrap runc containernetworking-plugins nftables conntrack iproute2 busybox-static openssl curl)
wanted=("$@"); [ $# -gt 0 ] || wanted=("${all[@]}")

lacking() { # prints the names that are not installed
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null | cut -c1-2)" = ii ] || echo "$name"
  done
}
command -v dpkg-query >/dev/null || exit 0 # not a Debian: each program says by itself that it is missing
mapfile -t missing < <(lacking "${wanted[@]}")
[ ${#missing[@]} -gt 0 ] || exit 0
install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" != 0 ]; then echo "packages.sh: missing: ${missing[*]}. As root: apt-get update && ${install[*]}" >&2; exit 1; fi

echo "packages.sh: installing ${missing[*]} ..." >&2
log=$(mktemp); trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -qq update && "${install[@]}" -qq -o DPkg::Lock::Timeout=300; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2; echo "packages.sh: cannot install ${missing[*]}; apt-get's last lines are above" >&2; exit 1
fi
