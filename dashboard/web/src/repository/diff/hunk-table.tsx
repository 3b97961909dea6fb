import type { PatchFiles } from "@codybatch/dashboard-contract";
import { useEffect } from "react";
import { Decoration, Diff, type DiffType, Hunk, type HunkData, type HunkTokens, type RenderGutter } from "react-diff-view";
import { anchorOf, lineAddress } from "./anchor.ts";

interface HunkTableProps {
  readonly hunks: HunkData[];
  readonly tokens: HunkTokens | undefined;
  readonly path: string;
  readonly change: PatchFiles["files"][number]["change"];
  readonly view: "unified" | "split";
  readonly isPointedAt: boolean;
}

const types = { added: "add", deleted: "delete", modified: "modify", renamed: "rename" } as const satisfies Record<string, DiffType>;

/** The hunks of one file; line numbers are links to themselves. */
export function HunkTable({ hunks, tokens, path, change, view, isPointedAt }: HunkTableProps) {
  useEffect(() => {
    if (isPointedAt) document.getElementById(window.location.hash.slice(1))?.scrollIntoView({ block: "center" });
  }, [isPointedAt]);
  const gutter: RenderGutter = ({ change: line, side, renderDefault }) => {
    const isBlank = (line.type === "insert" && side === "old") || (line.type === "delete" && side === "new");
    if (isBlank) return renderDefault();
    return (
      <a href={lineAddress(window.location.search, path, anchorOf(line))} tabIndex={-1}>
        {renderDefault()}
      </a>
    );
  };
  return (
    <div className="cb-diff-frame" tabIndex={0} role="region" aria-label={`Diff of ${path}`}>
      <Diff
        diffType={types[change]}
        hunks={hunks}
        tokens={tokens ?? null}
        viewType={view}
        renderGutter={gutter}
        generateAnchorID={(line) => (isPointedAt ? anchorOf(line) : undefined)}
      >
        {(all) =>
          all.flatMap((hunk) => [
            <Decoration key={`head ${hunk.content}`}>
              <span className="cb-hunk" data-hunk tabIndex={-1}>
                {hunk.content}
              </span>
            </Decoration>,
            <Hunk key={hunk.content} hunk={hunk} />,
          ])
        }
      </Diff>
    </div>
  );
}
