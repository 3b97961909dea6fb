import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking } from "../../client/client.ts";
import { Heads } from "../../table/card-table.tsx";
import { Answered } from "../../fault/answered.tsx";
import { dollars } from "../../money/format.ts";
import { visible } from "../../text/visible.ts";
import { duration } from "../../time/format.ts";
import { type Difference, differences } from "./difference.ts";

type Attempt = RepositoryDetail["attempts"][number];

interface CompareProps {
  readonly left: Attempt;
  readonly right: Attempt;
  readonly attempts: readonly Attempt[];
  readonly canSeePatch: boolean;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** Two attempts side by side: what they ran with, what they used, which files they changed. */
export function Compare({ left, right, attempts, canSeePatch }: CompareProps) {
  const navigate = route.useNavigate();
  const choose = (key: "attempt" | "other", value: string): void =>
    void navigate({ search: (search) => ({ ...search, [key]: value }), replace: true });
  const picker = (key: "attempt" | "other", label: string, { id }: Attempt) => (
    <NativeSelect
      label={label}
      size="xs"
      value={id}
      data={attempts.map((each) => each.id)}
      onChange={(change) => choose(key, change.currentTarget.value)}
    />
  );
  const hasBoth = canSeePatch && left.patch.state === "stored" && right.patch.state === "stored";
  return (
    <section aria-label="Comparison" className="cb-stack">
      <h2>Compare</h2>
      <div className="cb-row">
        {picker("other", "Before", left)}
        {picker("attempt", "After", right)}
      </div>
      <p>
        {left.inputsHash === right.inputsHash
          ? "Both ran with the same prompt, agent, toolbox, checks and review."
          : "Prompt, agent, toolbox, checks or review were changed in between."}
      </p>
      <FactTable left={left} right={right} />
      {hasBoth ? (
        <FileTable left={left.id} right={right.id} />
      ) : (
        <p className="cb-dim">Files are compared where both patches are stored and you may read them.</p>
      )}
    </section>
  );
}

function FactTable({ left, right }: { readonly left: Attempt; readonly right: Attempt }) {
  const facts: readonly (readonly [string, (attempt: Attempt) => string])[] = [
    ["Outcome", ({ outcome, explained }) => visible(explained?.reason ?? outcome)],
    ["Duration", ({ seconds }) => (seconds === undefined ? "–" : duration(seconds))],
    ["Cost", ({ usage }) => (usage === undefined ? "–" : dollars(usage.costUSD))],
    ["Tokens out", ({ usage }) => usage?.output.toLocaleString("en-US") ?? "–"],
    ["Base commit", ({ patch }) => visible(patch.baseCommit?.slice(0, 12) ?? "–")],
    ["Transcript", ({ transcript }) => (transcript.events === undefined ? "–" : `${transcript.events} events`)],
  ];
  return (
    <table className="cb-table">
      <thead>
        <tr>
          <th scope="col">Fact</th>
          <th scope="col">{left.id}</th>
          <th scope="col">{right.id}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, tell]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{tell(left)}</td>
            <td>{tell(right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FileTable({ left, right }: { readonly left: string; readonly right: string }) {
  const params = route.useParams();
  const before = useQuery(asking("patchFiles", { params, query: { attempt: left } }));
  const after = useQuery(asking("patchFiles", { params, query: { attempt: right } }));
  return (
    <Answered query={before} what="files">
      {(from) => (
        <Answered query={after} what="files">
          {(to) => <Files rows={differences(from.files, to.files)} left={left} right={right} />}
        </Answered>
      )}
    </Answered>
  );
}

function Files({ rows, left, right }: { readonly rows: readonly Difference[]; readonly left: string; readonly right: string }) {
  const lines = (side: Difference["left"]): string => (side === undefined ? "untouched" : `+${side.additions} −${side.deletions}`);
  return (
    <table className="cb-table">
      <thead>
        <tr>
          <Heads names={["File", left, right]} numbers={[left, right]} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.path}>
            <th scope="row" className="cb-break">
              {visible(row.path)}
            </th>
            <td className="cb-number">{lines(row.left)}</td>
            <td className="cb-number">{lines(row.right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
