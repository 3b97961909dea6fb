import { urlOf } from "@codybatch/dashboard-contract/client";

interface ExportLinksProps {
  readonly params: { readonly namespace: string; readonly name: string };
}

const formats = [
  { format: "csv", name: "CSV" },
  { format: "json", name: "JSON" },
  { format: "markdown", name: "Markdown" },
] as const;

/** The whole batch as a file. */
export function ExportLinks({ params: { namespace, name } }: ExportLinksProps) {
  return (
    <p className="cb-export">
      Export{" "}
      {formats.map(({ format, name: word }) => (
        <a key={format} href={urlOf("report", { params: {}, query: { namespace, name, format } })} download>
          {word}
        </a>
      ))}
    </p>
  );
}
