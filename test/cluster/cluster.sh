#!/usr/bin/env bash
# A throw-away Kubernetes for tests, compiled from the Go modules that go.mod pins. See README.md.
#   cluster.sh build [--control-plane] compile the pinned tools into the cache (skipped if there)
#   cluster.sh up [--control-plane]   start, wait until usable, print the kubeconfig's path
#   cluster.sh down                   stop and remove everything
#   cluster.sh kubeconfig | bin       print the kubeconfig's path | the folder of the tools
#   cluster.sh load-image FILE.tar    import a docker or OCI archive into the node
#   cluster.sh stop-NAME | start-NAME kill -9 | start one part: etcd apiserver kcm scheduler
#                                     containerd kubelet proxy, and kwok (not started by up)
#   cluster.sh pid NAME               print that part's process id
#   cluster.sh node CMD...            run a command inside the node's namespaces
# CLUSTER_DIR (state), CLUSTER_CACHE (tools), CLUSTER_MAX_PODS (110), CLUSTER_PORT (--control-plane: 16443),
# KUBEBUILDER_ASSETS (--control-plane: a folder with etcd, kube-apiserver, kube-controller-manager and kubectl to use instead of compiling).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=$(realpath -m "${CLUSTER_DIR:-${TMPDIR:-/tmp}/codybatch-cluster}")
cache=$(realpath -m "${CLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/codybatch-cluster}")
bin=$cache/$(sha256sum "$here/go.sum" | cut -c1-16)/bin
version=1.36.3
host_ip=10.95.0.1 node_ip=10.95.0.2 service_cidr=10.96.0.0/16 pod_cidr=10.244.0.0/24 link=codybatch0
hidden=(/var/lib/cni /var/lib/kubelet /var/log/containers) # written to whatever the settings say: empty in the node
kubeconfig=$state/admin.conf
export PATH=$bin:$PATH:/usr/sbin:/sbin
die() { echo "cluster.sh: $*" >&2; exit 1; }
poll() { # SECONDS WHAT CMD...: repeat CMD until it succeeds
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || die "no $what in time; logs: $state/log"; sleep 0.1; done
}

control_plane=(go.etcd.io/etcd/server/v3 k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kubectl} helm.sh/helm/v4/cmd/helm)
have() { local t; for t in "$@"; do [ -x "$bin/$t" ] || return 1; done; }

given() { # binaries named by the user, laid out as setup-envtest does: nothing is compiled
  [ -n "${KUBEBUILDER_ASSETS:-}" ] || return 1
  for t in etcd kube-apiserver kube-controller-manager kubectl; do
    [ -x "$KUBEBUILDER_ASSETS/$t" ] || { echo "cluster.sh: KUBEBUILDER_ASSETS has no $t and is left aside" >&2; return 1; }
  done
  bin=$KUBEBUILDER_ASSETS; export PATH=$bin:$PATH
}
build() { # [--control-plane]: only what the control plane needs
  local v=k8s.io/component-base/version tmp what=(tool) wanted=(etcd kube-apiserver kube-controller-manager kubectl helm)
  if [ "${1:-}" = --control-plane ]; then ! given || return 0; what=("${control_plane[@]}"); else wanted+=(kubelet); fi
  ! have "${wanted[@]}" || return 0
  command -v go >/dev/null || die "Go is needed to compile Kubernetes: install Go 1.26 or newer, or point KUBEBUILDER_ASSETS at a folder with etcd, kube-apiserver, kube-controller-manager and kubectl"
  echo "cluster.sh: compiling Kubernetes $version from pinned modules, once; 5 to 10 minutes on 2 cores ..." >&2
  mkdir -p "$bin"; tmp=$(mktemp -d "${bin%/bin}/build.XXXX")
  (cd "$here" && GOFLAGS=-buildvcs=false go build -trimpath -mod=readonly -tags "no_btrfs no_devmapper no_zfs" \
    -ldflags "-s -w -X $v.gitVersion=v$version -X $v.gitMajor=1 -X $v.gitMinor=36" -o "$tmp/" "${what[@]}" >&2)
  mv "$tmp/server" "$tmp/etcd"; chmod 755 "$tmp"/*; mv -f "$tmp"/* "$bin/"; rmdir "$tmp"
}

pki() { # one CA; every certificate works as server and client
  mkdir -p "$state/pki"; cd "$state/pki"; [ -f ca.crt ] && return
  local ec="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365"
  openssl req -x509 $ec -keyout ca.key -out ca.crt -subj /CN=ca 2>/dev/null
  cert() { # NAME SUBJECT SAN
    openssl req $ec -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -days 365 2>/dev/null \
      -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$3")
    cat > "$state/$1.conf" <<EOF
{apiVersion: v1, kind: Config, current-context: c,
 clusters: [{name: c, cluster: {server: "$server", certificate-authority-data: $(base64 -w0 ca.crt)}}],
 users: [{name: u, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}],
 contexts: [{name: c, context: {cluster: c, user: u}}]}
EOF
    chmod 600 "$state/$1.conf"
  }
  cert apiserver /CN=kube-apiserver "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1,IP:$host_ip"
  cert admin /O=system:masters/CN=admin DNS:admin
  cert kcm /CN=system:kube-controller-manager DNS:kcm
  cert scheduler /CN=system:kube-scheduler DNS:scheduler
  cert proxy /CN=system:kube-proxy DNS:proxy
  cert kubelet /O=system:nodes/CN=system:node:node1 "DNS:node1,IP:$node_ip"
  openssl ecparam -name prime256v1 -genkey -noout -out sa.key; openssl ec -in sa.key -pubout -out sa.pub 2>/dev/null
}

# Processes: pid/NAME holds the id of the process started here. The node's parts run below an
# `nsenter` that is their parent, so there the part itself is that process's only child.
recorded() { # NAME: its recorded id, if that process is still ours
  local p; p=$(cat "$state/pid/$1" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null < "/proc/$p/cmdline" | grep -qF "$state" && echo "$p"
}
pid() { # NAME: the part's own process id
  local p; p=$(recorded "$1") || return 1
  case $1 in node|containerd|kubelet|proxy) tr -d ' \n' < "/proc/$p/task/$p/children" ;; *) echo "$p" ;; esac
}
stop() { local p; for p in $(pid "$1") $(recorded "$1"); do
  kill -9 "$p" 2>/dev/null || true
  while [ -e "/proc/$p" ] && ! grep -q '^State:.Z' "/proc/$p/status" 2>/dev/null; do sleep 0.05; done
done; rm -f "$state/pid/$1"; }
in_node() { nsenter -t "$(pid node)" -m -n -p -- "$@"; }
start() { # NAME
  recorded "$1" >/dev/null && return
  local cmd
  case $1 in
  etcd) cmd=(etcd --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn
    --listen-client-urls "unix://$state/etcd.sock" --advertise-client-urls http://127.0.0.1:0
    --listen-peer-urls http://127.0.0.1:0 --initial-advertise-peer-urls http://127.0.0.1:0
    --initial-cluster default=http://127.0.0.1:0) ;; # no peers: any free port
  apiserver) cmd=(kube-apiserver --etcd-servers "unix://$state/etcd.sock" --bind-address "$server_ip"
    --advertise-address "$server_ip" --secure-port "$port" --service-cluster-ip-range $service_cidr
    --tls-cert-file "$state/pki/apiserver.crt" --tls-private-key-file "$state/pki/apiserver.key"
    --client-ca-file "$state/pki/ca.crt" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction
    --service-account-key-file "$state/pki/sa.pub" --service-account-signing-key-file "$state/pki/sa.key"
    --service-account-issuer https://kubernetes.default.svc --allow-privileged
    --kubelet-client-certificate "$state/pki/admin.crt" --kubelet-client-key "$state/pki/admin.key"
    --kubelet-certificate-authority "$state/pki/ca.crt" --kubelet-preferred-address-types InternalIP)
    [ "$profile" = full ] || cmd+=(--endpoint-reconciler-type none) ;; # an endpoint may not be loopback
  kcm) cmd=(kube-controller-manager --kubeconfig "$state/kcm.conf" --leader-elect=false --secure-port 0
    --service-account-private-key-file "$state/pki/sa.key" --root-ca-file "$state/pki/ca.crt"
    --use-service-account-credentials --kube-api-qps 500 --kube-api-burst 1000) ;;
  scheduler) cmd=(kube-scheduler --kubeconfig "$state/scheduler.conf" --leader-elect=false --secure-port 0) ;;
  containerd) cmd=(in_node containerd -c "$state/containerd.toml") ;;
  kubelet) cmd=(in_node kubelet --config "$state/kubelet.yaml" --kubeconfig "$state/kubelet.conf"
    --hostname-override node1 --node-ip $node_ip --root-dir "$state/kubelet" --cert-dir "$state/kubelet/pki") ;;
  proxy) cmd=(in_node kube-proxy --kubeconfig "$state/proxy.conf" --hostname-override node1 --proxy-mode nftables
    --cluster-cidr $pod_cidr --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0
    --conntrack-tcp-timeout-close-wait 0) ;;
  kwok) cmd=(kwok --kubeconfig "$kubeconfig" --config "$here/kwok-stages.yaml" --node-lease-duration-seconds 40
    --manage-all-nodes=false --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake) ;;
  *) die "no part is called $1" ;;
  esac
  [ "${cmd[0]}" != in_node ] || cmd=(nsenter -t "$(pid node)" -m -n -p -- "${cmd[@]:1}")
  rm -f "$state/$1.sock"
  setsid "${cmd[@]}" </dev/null >>"$state/log/$1.log" 2>&1 & echo $! > "$state/pid/$1"
  case $1 in
  etcd) poll 20 etcd test -S "$state/etcd.sock" ;;
  apiserver) poll 60 "API server" kubectl --kubeconfig "$kubeconfig" get --raw /readyz ;;
  containerd) poll 20 containerd ctr -a "$state/containerd.sock" version ;;
  esac
}

node() { # the node: own process, mount and network namespaces, joined to this machine by one veth pair
  recorded node >/dev/null && return
  [ "$(id -u)" = 0 ] || die "the node needs root; up --control-plane does not"
  for t in runc nft nsenter conntrack /usr/lib/cni/ptp busybox; do command -v $t >/dev/null || die "missing: $t"; done
  ! ip link show $link >/dev/null 2>&1 || die "$link exists: another cluster is up"
  [ -z "$(find /sys/fs/cgroup -maxdepth 2 -name 'kubepods*')" ] || die "another kubelet runs on this machine"
  mkdir -p "${hidden[@]}" "$state/cni"; rm -f "$state/node.ready"
  setsid unshare --mount --net --pid --fork --kill-child --mount-proc bash -c '
    mount -t tmpfs tmpfs /run; for d in "$@"; do mount -t tmpfs tmpfs "$d"; done
    for f in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops; do # the kubelet sets them
      cat /proc/sys/$f > "/run/${f#*/}"; mount --bind "/run/${f#*/}" /proc/sys/$f
    done
    ip link set lo up; echo 1 > /proc/sys/net/ipv4/ip_forward; touch "$0/node.ready"
    while :; do sleep 3600 & wait $!; done' "$state" "${hidden[@]}" </dev/null >>"$state/log/node.log" 2>&1 & echo $! > "$state/pid/node"
  poll 5 node test -e "$state/node.ready"
  ip link add $link type veth peer name eth0 netns "$(pid node)"
  ip addr add $host_ip/30 dev $link; ip link set $link up
  ip route add $pod_cidr via $node_ip; ip route add $service_cidr via $node_ip
  in_node ip addr add $node_ip/30 dev eth0; in_node ip link set eth0 up
  for f in kubelet.yaml containerd.toml cni.conflist; do sed "s|@STATE@|$state|g; s|^maxPods: .*|maxPods: ${CLUSTER_MAX_PODS:-110}|" "$here/$f" > "$state/$f"; done
  mv "$state/cni.conflist" "$state/cni/10-pods.conflist"
}

busybox_image() { # localhost/busybox:1: the "pause" image of every pod and the smallest test image
  local d=$state/busybox; mkdir -p "$d/root/bin" "$d/root/tmp"; chmod 1777 "$d/root/tmp"
  for a in $(busybox --list); do ln -sf busybox "$d/root/bin/$a"; done
  cp --remove-destination "$(command -v busybox)" "$d/root/bin/busybox"
  tar -C "$d/root" --owner 0 --group 0 -cf "$d/layer.tar" .
  echo '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sleep","2147483647"]},"rootfs":{"type":"layers","diff_ids":["sha256:'"$(sha256sum < "$d/layer.tar" | cut -d' ' -f1)"'"]}}' > "$d/config.json"
  echo '[{"Config":"config.json","RepoTags":["localhost/busybox:1"],"Layers":["layer.tar"]}]' > "$d/manifest.json"
  tar -C "$d" -cf "$state/busybox.tar" manifest.json config.json layer.tar; rm -r "$d"
}
load_image() { ctr -a "$state/containerd.sock" -n k8s.io images import "$1" >/dev/null 2>>"$state/log/import.log" || die "import failed: $state/log/import.log"; }

settings() { # of the cluster in $state
  profile=$(cat "$state/profile" 2>/dev/null || echo full)
  if [ "$profile" = full ]; then server_ip=$host_ip port=6443; else server_ip=127.0.0.1 port=$(cat "$state/port"); fi
  server=https://$server_ip:$port
}
up() {
  build "${1:-}"; mkdir -p "$state/pid" "$state/log"; chmod 700 "$state"
  [ -f "$state/port" ] || echo "${CLUSTER_PORT:-16443}" > "$state/port"
  [ -f "$state/profile" ] || if [ "${1:-}" = --control-plane ]; then echo control-plane; else echo full; fi > "$state/profile"
  settings; (pki)
  [ "$profile" != full ] || node
  start etcd
  start apiserver; start kcm
  if [ "$profile" = full ]; then
    start containerd; start scheduler; start kubelet; start proxy
    if ! ctr -a "$state/containerd.sock" -n k8s.io images ls -q 2>/dev/null | grep -q localhost/busybox:1; then busybox_image; load_image "$state/busybox.tar"; fi
    kubectl --kubeconfig "$kubeconfig" create clusterrolebinding cluster-proxy --clusterrole system:node-proxier --user system:kube-proxy >/dev/null 2>&1 || true
    poll 60 "ready node" kubectl --kubeconfig "$kubeconfig" wait --for condition=Ready node/node1 --timeout 1s
    poll 30 "service proxy" curl -fsk https://10.96.0.1/readyz
  fi
  poll 30 "default service account" kubectl --kubeconfig "$kubeconfig" get serviceaccount default
  echo "$kubeconfig"
}
down() {
  for n in kwok proxy kubelet containerd node scheduler kcm apiserver etcd; do stop $n; done
  if [ "$profile" = full ]; then
    while ip link show $link >/dev/null 2>&1; do ip link del $link 2>/dev/null || sleep 0.1; done
    find /sys/fs/cgroup -maxdepth 2 -name 'kubepods*' 2>/dev/null | while read -r c; do find "$c" -depth -type d -exec rmdir {} +; done
    rmdir --ignore-fail-on-non-empty "${hidden[@]}" 2>/dev/null || true
  fi
  rm -rf "$state"
}

main() { # read whole before it runs: a build takes minutes, in which this file may change
  settings
  case ${1:-} in
  build) build "${2:-}"; echo "$bin" ;;
  up) up "${2:-}" ;;
  down) [ ! -d "$state" ] || down ;;
  kubeconfig) echo "$kubeconfig" ;;
  bin) given || true; echo "$bin" ;;
  load-image) load_image "${2:?FILE.tar}" ;;
  pid) pid "${2:?NAME}" ;;
  stop-*) stop "${1#stop-}" ;;
  start-*) [ "$profile" = full ] || given || true; start "${1#start-}" ;;
  node) shift; in_node "$@" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
}
main "$@"; exit
