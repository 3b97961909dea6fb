import type { PatchFiles } from "@codybatch/dashboard-contract";
import { lineHeight } from "./near.ts";

type File = PatchFiles["files"][number];

/** Pixels that the file's lines will take, about. */
export function roomFor({ additions, deletions }: File): number {
  return (additions + deletions) * lineHeight;
}

/** As tall as the file will be: else many files would lie near, and all of them would be asked for and drawn. */
export function Awaited({ file }: { readonly file: File }) {
  return (
    <p className="cb-folded" style={{ minBlockSize: roomFor(file) }}>
      Loading
    </p>
  );
}
