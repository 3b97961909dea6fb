{{/* The API server's Service and endpoints as egress rules: given, or looked up at install. */}}
{{- define "codybatch.apiServer" -}}
{{- $peers := .Values.networkPolicy.apiServer -}}
{{- if and (empty $peers) (ne .Values.install "namespace") -}}{{- $peers = include "codybatch.foundApiServer" . | fromJsonArray -}}{{- end -}}
{{- if empty $peers -}}
{{- fail "networkPolicy.apiServer: the API server cannot be looked up here; set its Service and endpoints (kubectl get service,endpointslice kubernetes -n default), such as --set 'networkPolicy.apiServer[0].cidr=10.96.0.1/32,networkPolicy.apiServer[0].port=443', or networkPolicy.enabled=false" -}}
{{- end -}}
{{- range $peers }}
- to: [{ ipBlock: { cidr: {{ .cidr }} } }]
  ports: [{ protocol: TCP, port: {{ int64 .port }} }]
{{- end -}}
{{- end -}}

{{- define "codybatch.foundApiServer" -}}
{{- $peers := list -}}
{{- $service := lookup "v1" "Service" "default" "kubernetes" -}}
{{- if $service -}}
{{- range $service.spec.clusterIPs }}{{ $peers = append $peers (dict "cidr" (include "codybatch.single" .) "port" (first $service.spec.ports).port) }}{{ end -}}
{{- end -}}
{{- range (lookup "discovery.k8s.io/v1" "EndpointSlice" "default" "").items -}}
{{- if eq (get (.metadata.labels | default dict) "kubernetes.io/service-name") "kubernetes" -}}
{{- $port := (first (.ports | default (list dict))).port -}}
{{- range .endpoints }}{{ range .addresses }}{{ $peers = append $peers (dict "cidr" (include "codybatch.single" .) "port" $port) }}{{ end }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toJson $peers -}}
{{- end -}}

{{- define "codybatch.single" -}}{{ . }}/{{ contains ":" . | ternary "128" "32" }}{{- end -}}
