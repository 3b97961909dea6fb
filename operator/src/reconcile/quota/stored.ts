import { formatUSD, group, nanoUSD } from "@codybatch/crds";
import { z } from "zod";
import { emptyLedger, type Ledger, type Reservation } from "./ledger.ts";

/** Marks the ledgers of a namespace; its value is the namespace. */
export const ledgerLabel = `${group}/quota-of`;

/** A namespace's name has at most 63 characters, an object's 253. */
export function ledgerName(namespace: string, month: string): string {
  return `codybatch-quota-${namespace}-${month}`;
}

/** Exact dollars as `formatUSD` writes them. */
const Dollars = z.string().regex(/^[0-9]{1,7}\.[0-9]{2,9}$/);
const Day = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
const Open = z.strictObject({ maxCostUSD: Dollars, at: z.iso.datetime() });

const spentKey = /^spent\.(.+)$/;
const openKey = /^open\.(.+)$/;

/** The `data` of the ledger's ConfigMap: a key per day and per open reservation. */
export function ledgerData({ spent, open }: Ledger): Readonly<Record<string, string>> {
  const days = [...spent].map(([day, nano]) => [`spent.${day}`, formatUSD(nano)] as const);
  const reservations = [...open].map(
    ([job, { nanoUSD: nano, at }]) => [`open.${job}`, JSON.stringify({ maxCostUSD: formatUSD(nano), at })] as const,
  );
  return Object.fromEntries([...days, ...reservations]);
}

/** Undefined when somebody has written what no ledger can hold: then nobody knows what is spent. */
export function readLedger(data: unknown): Ledger | undefined {
  const texts = z.record(z.string(), z.string()).safeParse(data ?? {});
  if (!texts.success) return undefined;
  let ledger: Ledger = emptyLedger;
  for (const [key, text] of Object.entries(texts.data)) {
    const next = withEntry(ledger, key, text);
    if (next === undefined) return undefined;
    ledger = next;
  }
  return ledger;
}

function withEntry(ledger: Ledger, key: string, text: string): Ledger | undefined {
  const [day, job] = [spentKey.exec(key)?.[1], openKey.exec(key)?.[1]];
  if (day !== undefined && Day.safeParse(day).success && Dollars.safeParse(text).success) {
    return { ...ledger, spent: new Map(ledger.spent).set(day, nanoUSD(text)) };
  }
  const reservation = job === undefined ? undefined : readReservation(text);
  if (job === undefined || reservation === undefined) return undefined;
  return { ...ledger, open: new Map(ledger.open).set(job, reservation) };
}

function readReservation(text: string): Reservation | undefined {
  try {
    const { maxCostUSD, at } = Open.parse(JSON.parse(text));
    return { nanoUSD: nanoUSD(maxCostUSD), at };
  } catch {
    return undefined;
  }
}
