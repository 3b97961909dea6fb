import { usePreference } from "../preference/preference.ts";
import { absolute, clock, duration, relative, zones } from "./format.ts";
import { useNow } from "./now.ts";

/** A time: how long ago, and exactly when in its title. */
export function Moment({ at, exact = false }: { readonly at: string | undefined; readonly exact?: boolean }) {
  const [zone] = usePreference("zone", zones);
  const now = useNow();
  if (at === undefined) return <span className="cb-dim cb-none">–</span>;
  const full = absolute(at, zone);
  return (
    <time dateTime={at} title={full} className="cb-nowrap">
      {exact ? full : relative(at, now)}
    </time>
  );
}

/** A time of a day that is known, for steps that follow one another. */
export function Clock({ at }: { readonly at: string }) {
  const [zone] = usePreference("zone", zones);
  return (
    <time dateTime={at} title={absolute(at, zone)} className="cb-nowrap cb-number">
      {clock(at, zone)}
    </time>
  );
}

/** How long something took, or has taken since `since`. */
export function Lasting({ seconds, since }: { readonly seconds?: number | undefined; readonly since?: string | undefined }) {
  const now = useNow();
  const known = seconds ?? (since === undefined ? undefined : Math.max(0, (now - Date.parse(since)) / 1000));
  if (known === undefined || Number.isNaN(known)) return <span className="cb-dim cb-none">–</span>;
  return <span className="cb-nowrap">{duration(known)}</span>;
}
