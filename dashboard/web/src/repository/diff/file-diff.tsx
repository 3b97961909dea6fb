import type { PatchFiles } from "@codybatch/dashboard-contract";
import { urlOf } from "@codybatch/dashboard-contract/client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { HunkData, HunkTokens } from "react-diff-view";
import { askText } from "../../client/client.ts";
import { Answered } from "../../fault/answered.tsx";
import { counted } from "../../money/format.ts";
import { mostHighlighted } from "./folders.ts";
import { HunkTable } from "./hunk-table.tsx";
import { cutLines, hunksOf } from "./patch-text.ts";
import { tokensOf } from "./tokens.ts";
import { withoutWhitespace } from "./whitespace.ts";

interface FileDiffProps {
  readonly file: PatchFiles["files"][number];
  readonly attempt: string;
  readonly view: "unified" | "split";
  readonly hidesBlanks: boolean;
  readonly isPointedAt: boolean;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** The lines of one file, read from its own part of the patch. */
export function FileDiff({ file, attempt, view, hidesBlanks, isPointedAt }: FileDiffProps) {
  const params = route.useParams();
  const range = `bytes=${file.offset}-${file.offset + file.bytes - 1}`;
  const query = useQuery({
    queryKey: ["patchPart", params, attempt, range],
    queryFn: ({ signal }) => askText(urlOf("patch", { params, query: { attempt } }), range, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Answered query={query} what={file.path}>
      {(text) => <Lines text={text} file={file} view={view} hidesBlanks={hidesBlanks} isPointedAt={isPointedAt} />}
    </Answered>
  );
}

type LinesProps = Omit<FileDiffProps, "attempt"> & { readonly text: string };

function Lines({ text, file, view, hidesBlanks, isPointedAt }: LinesProps) {
  const all = useMemo(() => hunksOf(text), [text]);
  const hunks = useMemo(() => (hidesBlanks ? all.flatMap((hunk) => withoutWhitespace(hunk) ?? []) : all), [all, hidesBlanks]);
  const isSmall = file.additions + file.deletions <= mostHighlighted;
  const tokens = useTokens(isSmall ? hunks : undefined, file.path);
  const cut = useMemo(() => cutLines(text), [text]);
  if (all.length === 0) return <p className="cb-folded">No line changed: only its name, place or mode did.</p>;
  if (hunks.length === 0) return <p className="cb-folded">Only white space changed.</p>;
  return (
    <>
      {cut > 0 && <p className="cb-folded">{counted(cut, "line")} too long to show whole; the download has all of it.</p>}
      <HunkTable hunks={hunks} tokens={tokens} path={file.path} change={file.change} view={view} isPointedAt={isPointedAt} />
    </>
  );
}

/** Colours come after the plain text: they take longer than all the rest. */
function useTokens(hunks: HunkData[] | undefined, path: string): HunkTokens | undefined {
  const [coloured, setColoured] = useState<{ readonly hunks: HunkData[]; readonly tokens: HunkTokens | undefined }>();
  useEffect(() => {
    if (hunks === undefined) return undefined;
    const timer = window.setTimeout(() => setColoured({ hunks, tokens: tokensOf(hunks, path) }), 30);
    return () => window.clearTimeout(timer);
  }, [hunks, path]);
  return coloured !== undefined && coloured.hunks === hunks ? coloured.tokens : undefined;
}
