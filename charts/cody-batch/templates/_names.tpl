{{/* Objects in a namespace: unique by release. */}}
{{- define "codybatch.name" -}}
{{- printf "%s-operator" (.Release.Name | replace "." "-" | trunc 50 | trimSuffix "-") -}}
{{- end -}}

{{/* Cluster-scoped objects: a namespace holds no dot, so no two releases meet. Call with (list "codybatch-x" .). */}}
{{- define "codybatch.clusterName" -}}
{{- $root := index . 1 -}}
{{- printf "%s.%s.%s" (index . 0) $root.Release.Name $root.Release.Namespace -}}
{{- end -}}

{{- define "codybatch.operatorUser" -}}
{{- printf "system:serviceaccount:%s:%s" .Release.Namespace (include "codybatch.name" .) -}}
{{- end -}}

{{- define "codybatch.dashboardName" -}}
{{- printf "%s-dashboard" (.Release.Name | replace "." "-" | trunc 50 | trimSuffix "-") -}}
{{- end -}}

{{/* What the administrator's part leaves in the release's namespace. */}}
{{- define "codybatch.prepared" -}}
{{- printf "%s-prepared" (include "codybatch.name" .) -}}
{{- end -}}

{{/* The operator's code knows this name. */}}
{{- define "codybatch.recorder" -}}codybatch-recorder{{- end -}}

{{/* The operator looks for a policy of this name before it runs anything. */}}
{{- define "codybatch.recorderPolicy" -}}codybatch-own-pod{{- end -}}

{{/* It also looks whether this binding puts the policy into force. */}}
{{- define "codybatch.recorderPolicyBinding" -}}
{{- include "codybatch.clusterName" (list (include "codybatch.recorderPolicy" .) .) -}}
{{- end -}}

{{- define "codybatch.commonLabels" -}}
app.kubernetes.io/name: cody-batch
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "codybatch.labels" -}}
{{ include "codybatch.commonLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What selects the operator's pods; call with the root. */}}
{{- define "codybatch.operatorSelector" -}}
app.kubernetes.io/name: cody-batch
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{/* What selects the dashboard's pods. */}}
{{- define "codybatch.dashboardSelector" -}}
app.kubernetes.io/name: cody-batch
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: dashboard
{{- end -}}

{{/* What selects the pod of `helm test`. */}}
{{- define "codybatch.testSelector" -}}
app.kubernetes.io/name: cody-batch
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}

{{/* Each is "yes" or empty. */}}
{{- define "codybatch.cluster" -}}{{- if ne .Values.install "namespace" }}yes{{ end -}}{{- end -}}
{{- define "codybatch.namespaced" -}}{{- if ne .Values.install "cluster" }}yes{{ end -}}{{- end -}}
{{- define "codybatch.shared" -}}{{- if and (include "codybatch.cluster" .) .Values.crds.install }}yes{{ end -}}{{- end -}}
{{- define "codybatch.dashboard" -}}{{- if and (include "codybatch.namespaced" .) .Values.dashboard.enabled }}yes{{ end -}}{{- end -}}
{{- define "codybatch.policies" -}}{{- if and (include "codybatch.cluster" .) (not .Values.unsafeWithoutAdmissionPolicy) }}yes{{ end -}}{{- end -}}
