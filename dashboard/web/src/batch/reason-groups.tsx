import type { ReasonGroup } from "@codybatch/dashboard-contract";
import { counted } from "../money/format.ts";
import { visible } from "../text/visible.ts";

interface ReasonGroupsProps {
  readonly groups: readonly ReasonGroup[];
  readonly chosen: string | undefined;
  readonly onChoose: (reason: string | undefined) => void;
}

/** Failed and waiting repositories by reason, each with what to do. */
export function ReasonGroups({ groups, chosen, onChoose }: ReasonGroupsProps) {
  if (groups.length === 0) return undefined;
  return (
    <details className="cb-commands" open={chosen !== undefined}>
      <summary>
        Reasons:{" "}
        {groups
          .map(({ reason, count }) => `${visible(reason)} (${count})`)
          .slice(0, 4)
          .join(", ")}
      </summary>
      <ul className="cb-reasons">
        {groups.map((group) => (
          <li key={group.reason}>
            <button
              type="button"
              className="cb-chip"
              aria-pressed={group.reason === chosen}
              onClick={() => onChoose(group.reason === chosen ? undefined : group.reason)}
            >
              {visible(group.reason)} <span className="cb-count">{group.count}</span>
            </button>
            <p>
              {visible(group.meaning ?? "A reason that this version of the dashboard does not know.")} {visible(group.next ?? "")}
            </p>
            <p className="cb-dim">
              {counted(group.count, "repository", "repositories")}, such as {group.examples.map(visible).join(", ")}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
