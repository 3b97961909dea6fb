/** A CRD as the chart's template: kept by uninstall, left out on request, and with its own braces shown as they are. */
export function crdTemplate(manifest: string): string {
  const [notice, ...rest] = manifest.split("\n");
  const body = rest
    .join("\n")
    .replaceAll("{{", '{{ "{{" }}')
    .replace(/^ {2}name: .*\n/m, `$&${metadata}`);
  return `${notice}\n{{- if include "codybatch.shared" . }}\n${body.trimEnd()}\n{{- end }}\n`;
}

const metadata = [
  '  labels: {{- include "codybatch.commonLabels" . | nindent 4 }}',
  "  annotations:",
  "    # Deleting a CRD deletes every BatchChange of the cluster.",
  "    helm.sh/resource-policy: keep",
  "",
].join("\n");
