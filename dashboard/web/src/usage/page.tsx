import type { UsageReport } from "@codybatch/dashboard-contract";
import { NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { useTitle } from "../frame/title.ts";
import { useTopic } from "../stream/live.ts";
import { visible } from "../text/visible.ts";
import { downloadCSV } from "./download.ts";
import { Rates } from "./rates.tsx";
import type { UsageSearch } from "./search.ts";
import { Used } from "./used.tsx";

const route = getRouteApi("/usage");

/** What all batches used that the viewer may see, and how well they went. */
export function UsagePage() {
  const { days = 30, namespace } = route.useSearch();
  useTopic("batches");
  useTitle("Usage");
  const query = useQuery({
    ...asking("usage", { params: {}, query: { days: String(days), namespace } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <h1>Usage</h1>
      <Answered query={query} what="usage">
        {(report) => (
          <div className="cb-stack">
            <div className="cb-row">
              <Choices report={report} days={days} namespace={namespace} />
              <span className="cb-dim">
                {report.from} to {report.to}, days in UTC
              </span>
              <button type="button" className="cb-button" onClick={() => downloadCSV(report)}>
                Download CSV
              </button>
            </div>
            {report.total !== undefined && report.hidden.length > 0 && (
              <p className="cb-note cb-note-warn">
                Without the costs of {report.hidden.map(visible).join(", ")}: the right to get batchchanges/cost is missing there.
              </p>
            )}
            <Used report={report} />
            <Rates rates={report.rates} />
          </div>
        )}
      </Answered>
    </>
  );
}

interface ChoicesProps {
  readonly report: UsageReport;
  readonly days: number;
  readonly namespace: string | undefined;
}

function Choices({ report, days, namespace }: ChoicesProps) {
  const navigate = route.useNavigate();
  const go = (search: UsageSearch): void => void navigate({ search, replace: true });
  const spans = [...new Set([7, 30, 90, 365, days])].map((each) => ({ value: String(each), label: `Last ${each} days` }));
  const known = report.rates.perNamespace.map(({ key }) => key);
  const namespaces = [...new Set([...known, ...(namespace === undefined ? [] : [namespace])])];
  return (
    <>
      <NativeSelect
        aria-label="Days"
        size="xs"
        value={String(days)}
        data={spans}
        onChange={({ currentTarget }) => go({ days: Number(currentTarget.value), namespace })}
      />
      <NativeSelect
        aria-label="Namespace"
        size="xs"
        value={namespace ?? ""}
        data={[{ value: "", label: "All namespaces" }, ...namespaces.map((key) => ({ value: key, label: visible(key) }))]}
        onChange={({ currentTarget: { value } }) => go({ days, namespace: value === "" ? undefined : value })}
      />
    </>
  );
}
