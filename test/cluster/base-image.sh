#!/usr/bin/env bash
# Makes a stand-in for node:24-slim without an image registry: a small Debian with apt, certificates and the Node that npm pins,
# kept in buildah's storage. base-image.sh prints its name; about half a minute, nothing if it is there.
#   buildah bud --isolation chroot --build-arg BASE=$(./base-image.sh) -f Dockerfile.runner .
# git, ripgrep and ssh are left out on purpose, as in node:24-slim: Dockerfile.runner installs them by itself.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
die() { echo "base-image.sh: $*" >&2; exit 1; }

suite=bookworm
case $(uname -m) in x86_64) platform=linux-x64 ;; aarch64) platform=linux-arm64 ;; *) die "no Node for $(uname -m)" ;; esac
node=$(sed -nE "s/.*\"node-$platform\": *\"([0-9.]+)\".*/\1/p" "$here/../../package.json")
[ -n "$node" ] || die "package.json pins no node-$platform"
recipe=$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-8)
name=localhost/codybatch-base:$node-$recipe
there() { buildah inspect --type image "$name" >/dev/null 2>&1; }

make() {
  local tmp sources=() s
  tmp=$(mktemp -d); trap "rm -rf '$tmp'" EXIT; cd "$tmp"
  # The machine's own Debian mirror, if it has one; other archives stay out.
  for s in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do [ -s "$s" ] && { sources=("$s"); break; }; done
  npm pack --silent "node-$platform@$node" >/dev/null & local fetch=$!
  mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --customize-hook='rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/*' "$suite" rootfs.tar "${sources[@]}" >&2
  wait "$fetch" || die "npm cannot fetch node-$platform@$node"
  mkdir -p node/usr/local/bin
  tar -xzf node-"$platform"-*.tgz -C node/usr/local/bin --strip-components 2 package/bin/node
  chmod -R u=rwX,go=rX node; tar -C node --owner 0 --group 0 -cf node.tar usr
  printf 'FROM scratch\nADD rootfs.tar /\nADD node.tar /\nRUN useradd --uid 1000 --create-home node\nCMD ["node"]\n' > Dockerfile
  buildah bud --quiet --isolation chroot --layers=false -t "$name" -f Dockerfile . >/dev/null
  old | xargs -r buildah rmi >/dev/null 2>&1 || true
}
old() { buildah images --format '{{.Name}}:{{.Tag}}' | { grep '^localhost/codybatch-base:' || true; } | { grep -vxF "$name" || true; }; }

"$here/packages.sh" buildah mmdebstrap
if ! there; then
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/codybatch-images; mkdir -p "$cache"
  exec 9>"$cache/base.lock"; flock 9 # one at a time; the second finds it done
  there || (make)
fi
echo "$name"
