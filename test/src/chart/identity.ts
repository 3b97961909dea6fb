import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Kubeconfig = z.looseObject({ users: z.tuple([z.looseObject({ user: z.unknown() })]) });

/** Writes a kubeconfig of its own, beside the given one, that knows a token and nothing else of who asks. */
export async function kubeconfigWith(token: string, kubeconfig: string): Promise<string> {
  const config = Kubeconfig.parse(parse(await readFile(kubeconfig, "utf8")));
  const [user] = config.users;
  const path = join(await mkdtemp(join(dirname(kubeconfig), "token-")), "kubeconfig");
  await writeFile(path, JSON.stringify({ ...config, users: [{ ...user, user: { token } }] }), { mode: 0o600 });
  return path;
}
