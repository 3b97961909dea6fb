import type { PatchFiles } from "@codybatch/dashboard-contract";
import { getRouteApi, useLocation } from "@tanstack/react-router";
import { type MouseEvent, useEffect } from "react";
import { Decoration, Diff, type DiffType, getChangeKey, Hunk, type HunkData, type HunkTokens, type RenderGutter } from "react-diff-view";
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

const route = getRouteApi("/batches/$namespace/$name/$changeset");

function pointed(hunks: readonly HunkData[], anchor: string): string[] {
  return hunks.flatMap(({ changes }) => changes.filter((change) => anchorOf(change) === anchor).map(getChangeKey));
}

/** The hunks of one file; line numbers are links to themselves. */
export function HunkTable({ hunks, tokens, path, change, view, isPointedAt }: HunkTableProps) {
  const hash = useLocation({ select: (location) => (isPointedAt ? location.hash : "") });
  const navigate = route.useNavigate();
  useEffect(() => {
    if (hash !== "") document.getElementById(hash)?.scrollIntoView({ block: "center" });
  }, [hash]);
  // The links stay real ones, to be copied or opened elsewhere; here they need no new page.
  const point = (click: MouseEvent): void => {
    const anchor = click.target instanceof Element ? click.target.closest("a")?.hash : undefined;
    if (anchor === undefined || click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    void navigate({ search: (search) => ({ ...search, file: path }), hash: anchor.slice(1), replace: true, resetScroll: false });
  };
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
    <div className="cb-diff-frame" tabIndex={0} role="region" aria-label={`Diff of ${path}`} onClick={point}>
      <Diff
        diffType={types[change]}
        hunks={hunks}
        tokens={tokens ?? null}
        viewType={view}
        selectedChanges={hash === "" ? [] : pointed(hunks, hash)}
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
