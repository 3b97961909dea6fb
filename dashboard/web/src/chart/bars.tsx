import { Link, type LinkProps } from "@tanstack/react-router";
import { visible } from "../text/visible.ts";

/** One bar: `amount` gives its length, `shown` is what stands beside it. */
export interface Bar {
  readonly name: string;
  readonly amount: number;
  readonly shown: string;
  readonly link?: LinkProps | undefined;
}

/** Horizontal bars with their names and amounts as text: readable without seeing a single bar. */
export function Bars({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const most = Math.max(...bars.map(({ amount }) => amount), Number.MIN_VALUE);
  return (
    <ul className="cb-bars" aria-label={label}>
      {bars.map(({ name, amount, shown, link }) => (
        <li key={name}>
          <span className="cb-bar-name">{link === undefined ? visible(name) : <Link {...link}>{visible(name)}</Link>}</span>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect width={amount === 0 ? 0 : Math.max(0.4, (amount / most) * 100)} height="4" />
          </svg>
          <span className="cb-number">{shown}</span>
        </li>
      ))}
    </ul>
  );
}
