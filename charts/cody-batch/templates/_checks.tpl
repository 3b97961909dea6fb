{{/* What the schema cannot say. */}}
{{- define "codybatch.check" -}}
{{- if and (eq .Values.install "namespace") (empty .Values.watchNamespaces) -}}
{{- fail "watchNamespaces: an install of namespaces only cannot watch the whole cluster; set it, such as --set 'watchNamespaces={team-a}'" -}}
{{- end -}}
{{- if and (include "codybatch.namespaced" .) (empty .Values.operator.image) -}}
{{- fail "operator.image: nothing is published; build and push with `npm run images -- --push REGISTRY`, then set operator.image and runner.image" -}}
{{- end -}}
{{- if and (include "codybatch.namespaced" .) (empty .Values.runner.image) -}}
{{- fail "runner.image: nothing is published; build and push with `npm run images -- --push REGISTRY`, then set operator.image and runner.image" -}}
{{- end -}}
{{- range $key, $_ := .Values.extraLabels -}}
{{- if regexMatch "^(app\\.kubernetes\\.io|helm\\.sh|codybatch\\.dev)/" $key -}}{{- fail (printf "extraLabels: %s is the chart's own label; take another name" $key) -}}{{- end -}}
{{- end -}}
{{- if include "codybatch.dashboard" . -}}{{- include "codybatch.checkDashboard" .Values.dashboard -}}{{- end -}}
{{- if eq .Values.install "namespace" -}}{{- include "codybatch.checkPrepared" . -}}{{- end -}}
{{- if include "codybatch.namespaced" . -}}{{- include "codybatch.checkOverlap" . -}}{{- end -}}
{{- end -}}

{{/* Call with the dashboard's values. */}}
{{- define "codybatch.checkDashboard" -}}
{{- if and .ingress.enabled (empty .ingress.host) -}}{{- fail "dashboard.ingress.host: an Ingress needs the name that browsers use, such as cody.example" -}}{{- end -}}
{{- if and .ingress.enabled (eq .auth.mode "none") -}}
{{- fail "dashboard.auth.mode: none shows everything to anybody, so it goes without an Ingress; choose token or proxy, or set dashboard.ingress.enabled=false" -}}
{{- end -}}
{{- if and (eq .auth.mode "proxy") (or (empty .auth.proxy.peers) (empty .auth.proxy.secretName)) -}}
{{- fail "dashboard.auth.proxy: proxy needs the addresses from which it comes (peers) and a Secret whose key `secret` it sends (secretName)" -}}
{{- end -}}
{{- end -}}

{{/* Whether an administrator has applied the cluster's part for all watched namespaces. Asked of a cluster only: each namespace has a ServiceAccount default. */}}
{{- define "codybatch.checkPrepared" -}}
{{- if lookup "v1" "ServiceAccount" .Release.Namespace "default" -}}
{{- $command := include "codybatch.prepareCommand" . -}}
{{- $prepared := lookup "v1" "ConfigMap" .Release.Namespace (include "codybatch.prepared" .) -}}
{{- if not $prepared -}}
{{- fail (printf "install=namespace: a cluster administrator must first apply the cluster's part for release %s of namespace %s:\n\n  %s\n" .Release.Name .Release.Namespace $command) -}}
{{- end -}}
{{- if and .Values.dashboard.enabled (ne (get $prepared.data "dashboard") "true") -}}
{{- fail (printf "dashboard: the cluster's part of this release was applied without its rights; a cluster administrator must apply it again, or set dashboard.enabled=false:\n\n  %s\n" $command) -}}
{{- end -}}
{{- $held := splitList "," $prepared.data.watchNamespaces -}}
{{- range .Values.watchNamespaces -}}
{{- if and (ne $prepared.data.watchNamespaces "") (not (has . $held)) -}}
{{- fail (printf "watchNamespaces: the cluster's part of this release holds for %s, not for %s; a cluster administrator must apply it again:\n\n  %s\n" (join ", " $held) . $command) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "codybatch.prepareCommand" -}}
{{- $settings := .Capabilities.APIVersions.Has "codybatch.dev/v1alpha1" | ternary "install=cluster,crds.install=false" "install=cluster" -}}
{{- if not .Values.dashboard.enabled -}}{{- $settings = printf "%s,dashboard.enabled=false" $settings -}}{{- end -}}
{{- printf "helm template %s charts/cody-batch -n %s --set %s --set 'watchNamespaces={%s}' | kubectl apply --server-side -f -" .Release.Name .Release.Namespace $settings (join "," .Values.watchNamespaces) -}}
{{- end -}}
