{{/* Variables of the dashboard, name by name as dashboard/server/src/config/environment.ts knows them. */}}
{{- define "codybatch.dashboardEnvironment" -}}
{{- $auth := .Values.dashboard.auth -}}
{{- $namespace := .Release.Namespace -}}
{{- $claims := list -}}
{{- range .Values.dashboard.claims }}{{ $claims = append $claims (dict "namespace" $namespace "claim" . "directory" (printf "/claims/%s" .)) }}{{ end -}}
{{- $plain := dict
  "CODYBATCH_VERSION" .Chart.AppVersion
  "CODYBATCH_WATCH_NAMESPACES" (join "," .Values.watchNamespaces)
  "CODYBATCH_LIMITS" (include "codybatch.limits" .)
  "CODYBATCH_LOG_LEVEL" .Values.dashboard.logLevel
  "CODYBATCH_DASHBOARD_HOST" (eq $auth.mode "none" | ternary "127.0.0.1" "0.0.0.0")
  "CODYBATCH_DASHBOARD_PORT" "8080"
  "CODYBATCH_DASHBOARD_METRICS_PORT" "8081"
  "CODYBATCH_DASHBOARD_URL" (include "codybatch.dashboardURL" .)
  "CODYBATCH_DASHBOARD_WEB_DIR" "/app/web"
  "CODYBATCH_DASHBOARD_AUTH" $auth.mode
  "CODYBATCH_DASHBOARD_ACCEPT_CLUSTER_TOKENS" (ternary "true" "false" $auth.acceptClusterTokens)
  "CODYBATCH_DASHBOARD_PROXY_PEERS" (join "," $auth.proxy.peers)
  "CODYBATCH_DASHBOARD_PROXY_SECRET_FILE" (eq $auth.mode "proxy" | ternary "/proxy/secret" "")
  "CODYBATCH_DASHBOARD_CLAIMS" (empty $claims | ternary "" (toJson $claims))
-}}
{{- include "codybatch.variables" (merge $plain .Values.dashboard.env) | trim -}}
{{- end -}}

{{/* A probe of one path. On loopback nobody but the container itself can ask. Call with (list "/readyz" .). */}}
{{- define "codybatch.dashboardProbe" -}}
{{- $path := index . 0 -}}
{{- if eq (index . 1).Values.dashboard.auth.mode "none" -}}
exec: { command: [node, -e, "fetch('http://127.0.0.1:8080{{ $path }}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"] }
{{- else -}}
httpGet: { path: {{ $path }}, port: http }
{{- end -}}
{{- end -}}
