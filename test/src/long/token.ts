import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import type { Pod } from "../node/pod.ts";
import type { Stage } from "../node/stage.ts";

const Claims = z.object({ iat: z.int(), exp: z.int() });

/** A ServiceAccount token with its own word on when it was given and when it ends, in seconds since 1970. */
export interface Token extends z.infer<typeof Claims> {
  readonly text: string;
}

/** The token that the recorder finds now. */
export async function tokenOf(stage: Stage, pod: Pod): Promise<Token> {
  const text = await readIn(stage, pod, "recorder", "/api-token/token");
  const [, claims = ""] = text.split(".");
  return { text, ...Claims.parse(JSON.parse(Buffer.from(claims, "base64url").toString())) };
}

/** A file as a container sees it. */
export async function readIn({ site, namespace }: Stage, { metadata }: Pod, container: string, path: string): Promise<string> {
  const look = async (): Promise<string | undefined> => {
    const { exitCode, stdout } = await site.kubectl(["-n", namespace, "exec", metadata.name, "-c", container, "--", "cat", path]);
    return exitCode === 0 ? stdout : undefined;
  };
  return eventually(`${container} shows ${path}`, look);
}
