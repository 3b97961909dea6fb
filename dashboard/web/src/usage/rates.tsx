import type { UsageReport } from "@codybatch/dashboard-contract";
import { flooredPercent } from "../status/percent.ts";
import { visible } from "../text/visible.ts";
import { CardTable, Heads } from "../table/card-table.tsx";

type Rate = UsageReport["rates"]["all"];

/** How many repositories succeeded and how many pull requests were merged. */
export function Rates({ rates: { all, perNamespace, perModel } }: { readonly rates: UsageReport["rates"] }) {
  if (all.batches === 0) return <p className="cb-panel">No batch was made in these days.</p>;
  return (
    <section aria-label="Success" className="cb-stack">
      <h2>Success and merges</h2>
      <RateTable caption="By namespace" rates={[{ ...all, key: "All" }, ...perNamespace]} />
      <RateTable caption="By model" rates={perModel} />
    </section>
  );
}

function RateTable({ caption, rates }: { readonly caption: string; readonly rates: readonly Rate[] }) {
  if (rates.length === 0) return undefined;
  return (
    <CardTable
      caption={caption}
      head={<Heads names={["Which", "Batches", "Finished", "Succeeded", "Failed", "Pull requests", "Merged"]} numbers={numbers} />}
    >
      {rates.map((rate) => (
        <RateLine key={rate.key} rate={rate} />
      ))}
    </CardTable>
  );
}

const numbers = ["Batches", "Finished", "Succeeded", "Failed", "Pull requests", "Merged"];

function RateLine({ rate: { key, batches, repositories, succeeded, failed, pullRequests, merged } }: { readonly rate: Rate }) {
  const share = (part: number, whole: number): string => (whole === 0 ? "–" : `${part} (${flooredPercent(part, whole)}%)`);
  return (
    <tr>
      <th scope="row" data-label="Which">
        {visible(key)}
      </th>
      <td data-label="Batches" className="cb-number">
        {batches}
      </td>
      <td data-label="Finished" className="cb-number">
        {repositories}
      </td>
      <td data-label="Succeeded" className="cb-number">
        {share(succeeded, repositories)}
      </td>
      <td data-label="Failed" className="cb-number">
        {share(failed, repositories)}
      </td>
      <td data-label="Pull requests" className="cb-number">
        {pullRequests}
      </td>
      <td data-label="Merged" className="cb-number">
        {share(merged, pullRequests)}
      </td>
    </tr>
  );
}
