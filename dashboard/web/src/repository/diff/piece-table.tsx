import type { PatchFiles } from "@codybatch/dashboard-contract";
import { memo, useCallback, useMemo } from "react";
import { type ChangeData, Decoration, Diff, type DiffType, getChangeKey, Hunk, type RenderGutter } from "react-diff-view";
import { anchorOf } from "./anchor.ts";
import { useTokens } from "./coloured.ts";
import { lineHeight, useNear } from "./near.ts";
import type { Piece } from "./pieces.ts";

interface PieceTableProps {
  readonly piece: Piece;
  readonly isFirst: boolean;
  readonly isColoured: boolean;
  readonly path: string;
  /** Of the file on its page; a line's own has its anchor behind. */
  readonly address: string;
  readonly change: PatchFiles["files"][number]["change"];
  readonly view: "unified" | "split";
  /** Whether lines have anchors: only those of one file may. */
  readonly isPointedAt: boolean;
  /** The line of it that is pointed at. */
  readonly anchor: string | undefined;
}

/** One piece of a file, drawn once it comes near. */
export const PieceTable = memo(function PieceTable(props: PieceTableProps) {
  const { piece, isFirst, anchor } = props;
  const [element, isNear] = useNear<HTMLDivElement>();
  const isDrawn = isFirst || isNear || anchor !== undefined;
  return (
    <div ref={element} style={isDrawn ? undefined : { height: piece.lines * lineHeight }}>
      {isDrawn && <Lines {...props} />}
    </div>
  );
});

const types = { added: "add", deleted: "delete", modified: "modify", renamed: "rename" } as const satisfies Record<string, DiffType>;

function Lines({ piece, isColoured, path, address, change, view, isPointedAt, anchor }: PieceTableProps) {
  const hunks = useMemo(() => piece.parts.map(({ hunk }) => hunk), [piece]);
  const tokens = useTokens(isColoured ? hunks : undefined, path);
  const gutter = useGutter(address);
  const idOf = useCallback((line: ChangeData) => (isPointedAt ? anchorOf(line) : undefined), [isPointedAt]);
  const selected = useMemo(() => {
    const lines = anchor === undefined ? [] : hunks.flatMap(({ changes }) => changes.filter((line) => anchorOf(line) === anchor));
    return lines.map(getChangeKey);
  }, [hunks, anchor]);
  return (
    <Diff
      diffType={types[change]}
      hunks={hunks}
      tokens={tokens ?? null}
      viewType={view}
      selectedChanges={selected}
      renderGutter={gutter}
      generateAnchorID={idOf}
    >
      {(all) =>
        all.flatMap((hunk, index) => [
          ...(piece.parts[index]?.isContinued === true ? [] : [<Head key={`head ${hunk.content}`} text={hunk.content} />]),
          <Hunk key={hunk.content} hunk={hunk} />,
        ])
      }
    </Diff>
  );
}

function Head({ text }: { readonly text: string }) {
  return (
    <Decoration>
      <span className="cb-hunk" data-hunk tabIndex={-1}>
        {text}
      </span>
    </Decoration>
  );
}

function useGutter(address: string): RenderGutter {
  return useCallback(
    ({ change, side, renderDefault }) => {
      const isBlank = (change.type === "insert" && side === "old") || (change.type === "delete" && side === "new");
      if (isBlank) return renderDefault();
      return (
        <a href={`${address}#${anchorOf(change)}`} tabIndex={-1}>
          {renderDefault()}
        </a>
      );
    },
    [address],
  );
}
