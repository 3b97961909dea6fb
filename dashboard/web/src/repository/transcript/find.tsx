import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { memo, useRef, useState } from "react";
import { asking } from "../../client/client.ts";
import { useKeys } from "../../keyboard/keys.ts";
import { counted } from "../../money/format.ts";
import { oneLine } from "../../text/visible.ts";
import type { Place } from "./pages.ts";

interface FindProps {
  readonly place: Place;
  readonly attempt: string | undefined;
  readonly onGo: (n: number) => void;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** Searches the whole transcript on the server, not only what is drawn. */
export const Find = memo(function Find({ place, attempt, onGo }: FindProps) {
  const search = route.useSearch();
  const [text, setText] = useState(search.find ?? "");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const box = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => box.current?.focus() });
  const { data, error } = useQuery({
    ...asking("transcriptSearch", { params: place, query: { attempt, q: asked } }),
    enabled: asked !== "",
  });
  return (
    <div className="cb-find">
      <input
        ref={box}
        type="search"
        className="cb-input"
        aria-label="Search the transcript"
        placeholder="Search the transcript  ( / )"
        maxLength={256}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {asked !== "" && (data !== undefined || error !== null) && (
        <div className="cb-hits">
          <p role="status" className="cb-dim">
            {error === null ? `${counted(data?.total ?? 0, "event")} with it` : "The search failed; try again."}
          </p>
          <ul>
            {data?.hits.slice(0, 50).map(({ n, kind, text: around, start }) => (
              <li key={n}>
                <button type="button" className="cb-plain" onClick={() => onGo(n)}>
                  #{n} {kind}: {oneLine(around.slice(0, start))}
                  <mark>{oneLine(around.slice(start, start + asked.length))}</mark>
                  {oneLine(around.slice(start + asked.length))}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
});
