import type { PatchFiles } from "@codybatch/dashboard-contract";
import { getRouteApi, useLocation } from "@tanstack/react-router";
import { type MouseEvent, useEffect, useMemo } from "react";
import type { HunkData } from "react-diff-view";
import { visible } from "../../text/visible.ts";
import { anchorOf, addressOf } from "./anchor.ts";
import { PieceTable } from "./piece-table.tsx";
import { type Piece, piecesOf } from "./pieces.ts";

interface HunkTableProps {
  readonly hunks: readonly HunkData[];
  readonly isColoured: boolean;
  readonly path: string;
  readonly change: PatchFiles["files"][number]["change"];
  readonly view: "unified" | "split";
  readonly isPointedAt: boolean;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

function holds({ parts }: Piece, anchor: string): boolean {
  return anchor !== "" && parts.some(({ hunk }) => hunk.changes.some((change) => anchorOf(change) === anchor));
}

/** The hunks of one file; line numbers are links to themselves. */
export function HunkTable({ hunks, isColoured, path, change, view, isPointedAt }: HunkTableProps) {
  const hash = useLocation({ select: (location) => (isPointedAt ? location.hash : "") });
  const navigate = route.useNavigate();
  const pieces = useMemo(() => piecesOf(hunks), [hunks]);
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
  const address = addressOf(window.location.search, path);
  return (
    <div className="cb-diff-frame" tabIndex={0} role="region" aria-label={`Diff of ${visible(path)}`} onClick={point}>
      {pieces.map((piece, index) => (
        <PieceTable
          key={index}
          piece={piece}
          isFirst={index === 0}
          isColoured={isColoured}
          path={path}
          address={address}
          change={change}
          view={view}
          isPointedAt={isPointedAt}
          anchor={holds(piece, hash) ? hash : undefined}
        />
      ))}
    </div>
  );
}
