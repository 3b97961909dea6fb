import { isReason, reasons } from "@codybatch/crds";
import type { Explained } from "@codybatch/dashboard-contract";

/** A reason with its sentences, where this version knows it. */
export function explained(reason: string): Explained {
  if (!isReason(reason)) return { reason };
  const { meaning, kept, next } = reasons[reason];
  return { reason, meaning, kept, next };
}
