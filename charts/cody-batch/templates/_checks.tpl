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
{{- end -}}
