import type { ReactNode } from "react";
import { safeAddress } from "./safe-link.ts";
import { visible } from "./visible.ts";

/** A link to a hostile address; plain text where it is not http or https. */
export function ExternalLink({ address, children }: { readonly address: string; readonly children?: ReactNode }) {
  const href = safeAddress(address);
  const words = children ?? visible(address);
  if (href === undefined) return <span>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {words}
    </a>
  );
}
