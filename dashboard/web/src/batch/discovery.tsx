import type { BatchDetail } from "@codybatch/dashboard-contract";
import { counted } from "../money/format.ts";
import { words } from "../status/tone.ts";
import { visible } from "../text/visible.ts";

/** What the search for repositories came to. */
export function Discovery({ discovery: { state, message, found, taken, skipped = [] } }: { readonly discovery: BatchDetail["discovery"] }) {
  if (state === "NotAsked") return undefined;
  return (
    <details className="cb-commands" open={state === "Refused"}>
      <summary>
        Search for repositories: {sentences[state]}
        {found !== undefined && ` ${counted(found, "repository", "repositories")} found, ${taken ?? 0} taken.`}
      </summary>
      {message !== undefined && <p>{visible(message)}</p>}
      {skipped.length > 0 && (
        <ul>
          {skipped.map(({ reason, count }) => (
            <li key={reason}>
              {count} left out: {words(reason).toLowerCase()}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

const sentences = { Running: "it goes on.", Done: "done.", Refused: "refused." } as const;
