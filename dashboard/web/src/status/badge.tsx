import { visible } from "../text/visible.ts";
import { type Phase, signs, type Tone, toneOf, words } from "./tone.ts";

export function Badge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <span className={`cb-badge cb-tone-${tone}`}>
      <span aria-hidden="true">{signs[tone]}</span> {visible(text)}
    </span>
  );
}

export function PhaseBadge({ phase }: { readonly phase: Phase }) {
  return <Badge tone={toneOf(phase)} text={words(phase)} />;
}
