{{/* One regular expression for a list of patterns, as a CEL text: * is any text without a slash, ** any text, case does not count. Call with (list patterns "what may follow"). */}}
{{- define "codybatch.patterns" -}}
{{- $parts := list -}}
{{- range index . 0 }}{{ $parts = append $parts (regexQuoteMeta . | replace "\\*\\*" ".*" | replace "\\*" "[^/]*") }}{{ end -}}
{{- printf "(?is)^(?:%s)%s$" (join "|" $parts) (index . 1) | toJson -}}
{{- end -}}
