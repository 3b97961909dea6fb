import { z } from "zod";
import { Refused } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

const Spec = z.object({ checks: z.array(z.unknown()).default([]), repositories: z.array(z.object({ url: z.string() })).default([]) });

/**
 * Refuses checks, which would run code of the user's own repositories: a process is no sandbox. Said before anything starts; what kubectl
 * applies later the process runner refuses. Throws {@link Refused}.
 */
export function refuseChecks(manifests: readonly Manifest[]): void {
  for (const { kind, metadata, ...rest } of manifests) {
    const { checks = [], repositories = [] } = Spec.safeParse(rest["spec"]).data ?? {};
    if (kind === "BatchChange" && checks.length > 0) throw new Refused(refusal(metadata.name, repositories[0]?.url ?? "every repository"));
  }
}

function refusal(name: string, url: string): string {
  return `BatchChange ${name} has checks, which would run code of ${url} as a plain process of your user, not in its toolbox image. Give --run-checks if you trust that code and what Claude makes of it, or take spec.checks out.`;
}
