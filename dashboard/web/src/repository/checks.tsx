import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { Badge } from "../status/badge.tsx";
import type { Tone } from "../status/tone.ts";
import { ModelText } from "../text/markdown.tsx";
import { visible } from "../text/visible.ts";
import { duration } from "../time/format.ts";
import { CardTable, Heads } from "../table/card-table.tsx";

type Result = NonNullable<RepositoryDetail["result"]>;

const tones = { Passed: "good", Failed: "bad", NotRun: "neutral" } as const satisfies Record<string, Tone>;
const words = { Passed: "Passed", Failed: "Failed", NotRun: "Not run" } as const;

/** What Claude reported, and what checks and second opinion say of it. */
export function Checks({ result }: { readonly result: Result | undefined }) {
  if (result === undefined) return <p className="cb-panel">No attempt has reported a result yet.</p>;
  return (
    <section aria-label="Checks" className="cb-stack">
      <CheckTable checks={result.checks ?? []} />
      {result.review !== undefined && <Review review={result.review} />}
      {(result.warnings ?? []).length > 0 && (
        <div className="cb-note cb-note-warn">
          <h2>What a reviewer should know</h2>
          <ul>
            {result.warnings?.map((warning) => (
              <li key={warning}>{visible(warning)}</li>
            ))}
          </ul>
        </div>
      )}
      <h2>Explanation</h2>
      <ModelText text={result.explanation} />
    </section>
  );
}

function CheckTable({ checks }: { readonly checks: NonNullable<Result["checks"]> }) {
  if (checks.length === 0) return <p>The batch names no checks. spec.checks are commands that have to pass.</p>;
  return (
    <CardTable head={<Heads names={["Outcome", "Check", "Required", "Exit code", "Duration"]} numbers={["Exit code", "Duration"]} />}>
      {checks.map(({ name, outcome, required, exitCode, durationSeconds }) => (
        <tr key={name}>
          <td data-label="Outcome">
            <Badge tone={tones[outcome]} text={words[outcome]} />
          </td>
          <th scope="row" data-label="Check">
            {visible(name)}
          </th>
          <td data-label="Required">{required ? "yes" : "no"}</td>
          <td data-label="Exit code" className="cb-number">
            {exitCode ?? "–"}
          </td>
          <td data-label="Duration" className="cb-number">
            {durationSeconds === undefined ? "–" : duration(durationSeconds)}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

function Review({ review: { model, approved, reasons, partial } }: { readonly review: NonNullable<Result["review"]> }) {
  return (
    <div>
      <h2>Second opinion</h2>
      <p className="cb-row">
        <Badge tone={approved ? "good" : "bad"} text={approved ? "Approved" : "Not approved"} />
        <span>by {visible(model)}</span>
      </p>
      {partial === true && <p>The change was too long: only its head and tail were judged.</p>}
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{visible(reason)}</li>
        ))}
      </ul>
    </div>
  );
}
