{{/* Namespaces with BatchChanges in which this release makes no NetworkPolicy for change pods, as JSON; none where no cluster can be asked. */}}
{{- define "codybatch.openNamespaces" -}}
{{- $open := list -}}
{{- if and .Values.networkPolicy.enabled (empty .Values.watchNamespaces) (.Capabilities.APIVersions.Has "codybatch.dev/v1alpha1") -}}
{{- range (lookup "codybatch.dev/v1alpha1" "BatchChange" "" "").items -}}
{{- if not (has .metadata.namespace $.Values.networkPolicy.namespaces) -}}{{- $open = append $open .metadata.namespace -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- uniq $open | sortAlpha | toJson -}}
{{- end -}}
