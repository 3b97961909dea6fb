{{/* Two operators in one namespace would refuse each other's work: each one's policy lets only its own make Changesets. Asked of a cluster only. */}}
{{- define "codybatch.checkOverlap" -}}
{{- $root := . -}}
{{- range $namespace := .Values.watchNamespaces | default (list "") -}}
{{- range (lookup "rbac.authorization.k8s.io/v1" "RoleBinding" $namespace "").items -}}
{{- include "codybatch.checkForeign" (list .metadata.name .metadata.namespace $root) -}}
{{- end -}}
{{- end -}}
{{- if ne .Values.install "namespace" -}}
{{- range (lookup "rbac.authorization.k8s.io/v1" "ClusterRoleBinding" "" "").items -}}
{{- include "codybatch.checkForeign" (list .metadata.name "every namespace" $root) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Call with (list "a binding's name" "where it holds" .). */}}
{{- define "codybatch.checkForeign" -}}
{{- $mine := include "codybatch.clusterName" (list "codybatch-operator" (index . 2)) -}}
{{- if and (hasPrefix "codybatch-operator." (index . 0)) (ne (index . 0) $mine) -}}
{{- $parts := splitList "." (index . 0) -}}
{{- fail (printf "watchNamespaces: %s is watched by release %s of namespace %s already, and two operators would refuse each other's work; take it out of one of them" (index . 1) (join "." (initial (rest $parts))) (last $parts)) -}}
{{- end -}}
{{- end -}}
