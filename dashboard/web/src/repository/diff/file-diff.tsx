import type { PatchFiles } from "@codybatch/dashboard-contract";
import { urlOf } from "@codybatch/dashboard-contract/client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { askText } from "../../client/client.ts";
import { Answered } from "../../fault/answered.tsx";
import { counted } from "../../money/format.ts";
import { Awaited } from "./awaited.tsx";
import { mostHighlighted } from "./folders.ts";
import { HunkTable } from "./hunk-table.tsx";
import { cutLines, hunksOf } from "./patch-text.ts";
import { withoutWhitespace } from "./whitespace.ts";

interface FileDiffProps {
  readonly file: PatchFiles["files"][number];
  readonly attempt: string;
  /** Of the patch: the one of a running attempt changes. */
  readonly digest: string;
  readonly view: "unified" | "split";
  readonly hidesBlanks: boolean;
  readonly isPointedAt: boolean;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** The lines of one file, read from its own part of the patch. */
export function FileDiff({ file, attempt, digest, view, hidesBlanks, isPointedAt }: FileDiffProps) {
  const params = route.useParams();
  const range = `bytes=${file.offset}-${file.offset + file.bytes - 1}`;
  const query = useQuery({
    queryKey: ["patchPart", params, attempt, digest, range],
    queryFn: ({ signal }) => askText(urlOf("patch", { params, query: { attempt } }), range, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isPending) return <Awaited file={file} />;
  return (
    <Answered query={query} what={file.path}>
      {(text) => <Lines text={text} file={file} view={view} hidesBlanks={hidesBlanks} isPointedAt={isPointedAt} />}
    </Answered>
  );
}

type LinesProps = Omit<FileDiffProps, "attempt" | "digest"> & { readonly text: string };

function Lines({ text, file, view, hidesBlanks, isPointedAt }: LinesProps) {
  const all = useMemo(() => hunksOf(text), [text]);
  const hunks = useMemo(() => (hidesBlanks ? all.flatMap((hunk) => withoutWhitespace(hunk) ?? []) : all), [all, hidesBlanks]);
  const isColoured = file.additions + file.deletions <= mostHighlighted;
  const cut = useMemo(() => cutLines(text), [text]);
  if (all.length === 0) return <p className="cb-folded">No line changed: only its name, place or mode did.</p>;
  if (hunks.length === 0) return <p className="cb-folded">Only white space changed.</p>;
  return (
    <>
      {cut > 0 && <p className="cb-folded">{counted(cut, "line")} too long to show whole; the download has all of it.</p>}
      <HunkTable hunks={hunks} isColoured={isColoured} path={file.path} change={file.change} view={view} isPointedAt={isPointedAt} />
    </>
  );
}
