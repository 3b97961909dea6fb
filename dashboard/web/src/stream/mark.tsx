import { type Liveness } from "./connection.ts";
import { useLiveness } from "./live.ts";

const said: Readonly<Record<Exclude<Liveness, "idle">, { readonly word: string; readonly meaning: string }>> = {
  connecting: { word: "connecting", meaning: "The stream of changes is being opened." },
  live: { word: "live", meaning: "Changes appear by themselves." },
  reconnecting: { word: "reconnecting", meaning: "The server cannot be heard. What is shown may be old; it is tried again." },
  paused: { word: "paused", meaning: "Nothing is asked for while this tab is hidden or no session is open." },
  polling: {
    word: "every 10 s",
    meaning: "No stream comes through, perhaps because of a proxy: pages are asked for anew every ten seconds.",
  },
};

/** Whether changes arrive by themselves. */
export function LiveMark() {
  const liveness = useLiveness();
  // A page that follows nothing has nothing to say.
  if (liveness === "idle") return undefined;
  const { word, meaning } = said[liveness];
  return (
    <span className={`cb-live cb-live-${liveness}`} role="status" title={meaning}>
      <span aria-hidden="true" className="cb-dot" />
      {word}
    </span>
  );
}
