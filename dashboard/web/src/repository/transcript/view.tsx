import "./transcript.css";
import type { RepositoryDetail, TranscriptItem } from "@codybatch/dashboard-contract";
import { urlOf } from "@codybatch/dashboard-contract/client";
import { SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { memo, useCallback, useState } from "react";
import { Answered } from "../../fault/answered.tsx";
import { useKeys } from "../../keyboard/keys.ts";
import { counted } from "../../money/format.ts";
import { usePreference } from "../../preference/preference.ts";
import { duration } from "../../time/format.ts";
import { AttemptPicker } from "../attempt-picker.tsx";
import { Missing } from "../missing.tsx";
import { Errors } from "./errors.tsx";
import { Find } from "./find.tsx";
import { useTranscript } from "./pages.ts";
import { Rows } from "./rows.tsx";
import { useSoFar } from "./so-far.ts";
import { secondsOf, sum, summaryOf } from "./summary.ts";

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** Every word of the agent, as a story or block by block. */
export function TranscriptView({ detail }: { readonly detail: RepositoryDetail }) {
  const { attempt } = route.useSearch();
  const chosen = detail.attempts.find(({ id }) => id === attempt)?.transcript ?? detail.transcript;
  // The newest one by its name: pages of another attempt, which begins meanwhile, must not follow its own.
  const shown = attempt ?? detail.attempts.find(({ transcript }) => transcript.state !== "none")?.id;
  const isShown = detail.rights.transcript && (chosen.state === "stored" || chosen.state === "live");
  return (
    <section aria-label="Transcript">
      <AttemptPicker attempts={detail.attempts} />
      {isShown ? (
        <Transcript key={shown} attempt={shown} />
      ) : (
        <Missing what="transcript" availability={chosen} isAllowed={detail.rights.transcript} />
      )}
    </section>
  );
}

/** Renders again only for what concerns it, not for every word about the repository. */
const Transcript = memo(function Transcript({ attempt }: { readonly attempt: string | undefined }) {
  const place = route.useParams();
  const { event } = route.useSearch();
  const navigate = route.useNavigate();
  const [mode, setMode] = usePreference("transcript", ["simplified", "technical"]);
  const [isFollowing, setFollowing] = useState(event === undefined);
  useKeys({ t: () => setMode(mode === "simplified" ? "technical" : "simplified") });
  const { query, items, isLive, isTruncated, events } = useTranscript(place, attempt);
  const stopFollowing = useCallback(() => setFollowing(false), []);
  const goTo = useCallback(
    (n: number): void => {
      setFollowing(false);
      void navigate({ search: (search) => ({ ...search, event: n }), replace: true, resetScroll: false });
    },
    [navigate],
  );
  return (
    <Answered query={query} what="the transcript">
      {() => (
        <>
          <div className="cb-row cb-toolbar">
            <ModeSwitch mode={mode} onMode={setMode} />
            <Find place={place} attempt={attempt} onGo={goTo} />
            <Errors place={place} attempt={attempt} at={event} onGo={goTo} events={events} />
            <a href={urlOf("transcriptRaw", { params: place, query: { attempt } })} download>
              Download raw
            </a>
            {isLive && <FollowButton isFollowing={isFollowing} onToggle={() => setFollowing(!isFollowing)} />}
          </div>
          <Summary items={items} events={events} />
          {isTruncated && <p className="cb-note cb-note-warn">Its beginning was left out when it was stored, for want of room.</p>}
          <Rows
            items={items}
            mode={mode}
            pointedAt={event}
            isFollowing={isLive && isFollowing}
            onScrolledUp={stopFollowing}
            place={place}
            attempt={attempt}
          />
          {isLive && <p className="cb-dim">The agent still works; more comes by itself.</p>}
        </>
      )}
    </Answered>
  );
});

function FollowButton({ isFollowing, onToggle }: { readonly isFollowing: boolean; readonly onToggle: () => void }) {
  return (
    <button type="button" className="cb-chip" aria-pressed={isFollowing} onClick={onToggle} title="Scrolling up stops it">
      Follow the end
    </button>
  );
}

interface ModeSwitchProps {
  readonly mode: "simplified" | "technical";
  readonly onMode: (mode: "simplified" | "technical") => void;
}

/** It measures itself whenever it renders, which must not be at each event. */
const ModeSwitch = memo(function ModeSwitch({ mode, onMode }: ModeSwitchProps) {
  return (
    <SegmentedControl
      aria-label="Form of the transcript"
      size="xs"
      data={[
        { value: "simplified", label: "Simplified" },
        { value: "technical", label: "Technical" },
      ]}
      value={mode}
      onChange={(value) => onMode(value === "technical" ? "technical" : "simplified")}
    />
  );
});

function Summary({ items, events }: { readonly items: readonly TranscriptItem[]; readonly events: number }) {
  const seconds = secondsOf(items);
  return (
    <p role="status">
      <strong>{summaryOf(useSoFar(sum, items))}</strong>{" "}
      <span className="cb-dim">
        {counted(events, "event")}
        {items.length < events ? `, ${items.length} loaded` : ""}
        {seconds === undefined ? "" : `, ${duration(seconds)}`}
      </span>
    </p>
  );
}
