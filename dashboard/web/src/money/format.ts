/** Dollars of an exact decimal: four places below one dollar unless they are whole cents, else two, so that columns stay even. Undefined is unknown, never 0. */
export function dollars(exact: string | undefined): string {
  if (exact === undefined) return "unknown";
  const amount = Number(exact);
  if (Number.isNaN(amount)) return "unknown";
  if (amount === 0) return "$0.00";
  if (amount < 0.0001) return "<$0.0001";
  const places = amount < 1 && Math.round(amount * 10_000) % 100 !== 0 ? 4 : 2;
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places })}`;
}

const sizes = [
  { least: 1_000_000_000, mark: "G" },
  { least: 1_000_000, mark: "M" },
  { least: 1000, mark: "k" },
] as const;

/** `1.2 k`, `3.4 M`: for amounts whose last digits say nothing. */
export function roughly(amount: number): string {
  const size = sizes.find(({ least }) => amount >= least);
  if (size === undefined) return String(amount);
  const scaled = amount / size.least;
  return `${scaled >= 100 ? Math.floor(scaled) : Math.floor(scaled * 10) / 10} ${size.mark}`;
}

/** Bytes in KiB and MiB. */
export function bytes(amount: number): string {
  if (amount < 1024) return `${amount} B`;
  return amount < 1024 * 1024 ? `${(amount / 1024).toFixed(1)} KiB` : `${(amount / 1024 / 1024).toFixed(1)} MiB`;
}

// Made once: a story of thousands of steps counts in each.
const whole = new Intl.NumberFormat("en-US");

/** `1 repository`, `3 repositories`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${whole.format(amount)} ${amount === 1 ? one : many}`;
}
