{{/* Seconds of a duration such as 15m. */}}
{{- define "codybatch.seconds" -}}
{{- $factor := get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) (regexFind "[smhd]$" .) -}}
{{- mul (regexFind "^[0-9]+" . | int64) $factor -}}
{{- end -}}

{{/* Which repositories are allowed, as a JSON list. */}}
{{- define "codybatch.repositoryPatterns" -}}
{{- .Values.limits.repositoryPatterns | default (list (printf "https://%s/*/*" .Values.github.host)) | toJson -}}
{{- end -}}

{{/* The limits in the operator's words, as JSON. */}}
{{- define "codybatch.limits" -}}
{{- $results := pick .Values.results "maxTotalMiB" "maxPerChangesetMiB" "repositoriesWithoutClaim" -}}
{{- $limits := merge (dict "runningJobs" .Values.jobs.running) $results (deepCopy .Values.limits) -}}
{{- $_ := set $limits "repositoryPatterns" (include "codybatch.repositoryPatterns" . | fromJsonArray) -}}
{{- if kindIs "invalid" $limits.maxCostUSD -}}{{- $_ := unset $limits "maxCostUSD" -}}{{- else -}}{{- $_ := set $limits "maxCostUSD" (float64 $limits.maxCostUSD) -}}{{- end -}}
{{- toJson $limits -}}
{{- end -}}

{{/* What is set of the proxy, as JSON, or nothing. */}}
{{- define "codybatch.proxy" -}}
{{- if or .Values.proxy.http .Values.proxy.https }}{{ toJson .Values.proxy }}{{ end -}}
{{- end -}}

{{/* Where browsers reach the dashboard, or nothing. */}}
{{- define "codybatch.dashboardURL" -}}
{{- $ingress := .Values.dashboard.ingress -}}
{{- $own := and .Values.dashboard.enabled $ingress.enabled | ternary (printf "https://%s" $ingress.host) "" -}}
{{- .Values.publishing.dashboardURL | default $own -}}
{{- end -}}

{{- define "codybatch.publishing" -}}
{{- merge (dict "dashboardURL" (include "codybatch.dashboardURL" .)) .Values.publishing | toJson -}}
{{- end -}}

{{/* Variables of the operator, name by name as operator/src/config/environment.ts knows them. */}}
{{- define "codybatch.environment" -}}
{{- $plain := dict
  "CODYBATCH_WATCH_NAMESPACES" (join "," .Values.watchNamespaces)
  "CODYBATCH_LEASE_NAME" (include "codybatch.name" .)
  "CODYBATCH_RECORDER_POLICY_BINDING" (include "codybatch.recorderPolicyBinding" .)
  "CODYBATCH_HTTP_HOST" "0.0.0.0"
  "CODYBATCH_HTTP_PORT" "8080"
  "CODYBATCH_LOG_LEVEL" .Values.operator.logLevel
  "CODYBATCH_WORKERS" .Values.operator.workers
  "CODYBATCH_REQUESTS" .Values.operator.apiRequests
  "CODYBATCH_LIMITS" (include "codybatch.limits" .)
  "CODYBATCH_QUOTAS" (.Values.quotas | empty | ternary "" (toJson .Values.quotas))
  "CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY" (ternary "true" "" .Values.unsafeWithoutAdmissionPolicy)
  "CODYBATCH_RUNNER_IMAGE" .Values.runner.image
  "CODYBATCH_RUNNER_IMAGE_PULL_POLICY" .Values.runner.imagePullPolicy
  "CODYBATCH_RUNNER_ENV" (.Values.runner.env | empty | ternary "" (toJson .Values.runner.env))
  "CODYBATCH_RUNNER_RESOURCES" (toJson .Values.runner.resources)
  "CODYBATCH_RUNNER_VOLUME_SIZES" (toJson .Values.runner.volumeSizes)
  "CODYBATCH_RUNNER_NODE_SELECTOR" (.Values.runner.nodeSelector | empty | ternary "" (toJson .Values.runner.nodeSelector))
  "CODYBATCH_RUNNER_TOLERATIONS" (.Values.runner.tolerations | empty | ternary "" (toJson .Values.runner.tolerations))
  "CODYBATCH_RUNNER_IMAGE_PULL_SECRETS" (join "," .Values.imagePullSecrets)
  "CODYBATCH_RUNNER_RUNTIME_CLASS" .Values.runner.runtimeClassName
  "CODYBATCH_RUNNER_PROXY" (include "codybatch.proxy" .)
  "CODYBATCH_RUNNER_CA_BUNDLE" (.Values.caBundle.configMap | empty | ternary "" (toJson .Values.caBundle))
  "CODYBATCH_GITHUB_APP" (ternary "true" "" .Values.github.app)
  "CODYBATCH_PUBLISHING" (include "codybatch.publishing" .)
  "GITHUB_API_URL" .Values.github.apiURL
  "ANTHROPIC_BASE_URL" .Values.anthropic.baseURL
  "CODYBATCH_KEEP_FAILED_JOBS" .Values.jobs.keepFailedCount
  "CODYBATCH_KEEP_FINISHED_SECONDS" (include "codybatch.seconds" .Values.jobs.keepFinished)
  "CODYBATCH_KEEP_FAILED_SECONDS" (include "codybatch.seconds" .Values.jobs.keepFailed)
  "CODYBATCH_TERMINATION_GRACE_SECONDS" (include "codybatch.seconds" .Values.jobs.terminationGrace)
-}}
- name: POD_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
- name: CODYBATCH_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
{{- include "codybatch.variables" (merge $plain .Values.operator.env) }}
{{- end -}}

{{/* What is set, as a container's env. */}}
{{- define "codybatch.variables" -}}
{{- range $name, $value := . }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ kindIs "string" $value | ternary $value (toString $value) | quote }}
{{- end }}
{{- end }}
{{- end -}}
