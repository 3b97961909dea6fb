import type { Image } from "./build.ts";
import type { Program } from "./program.ts";

/** What to do with the images that were built. */
export function nextStep({ operator, runner }: Readonly<Record<Program, Image>>, pushed: boolean): string {
  const made = [operator, runner].map(
    ({ name, archive }) => `${pushed ? "pushed" : "built"} ${name}${archive === undefined ? "" : ` and ${archive}`}`,
  );
  const set = `--set operator.image=${operator.name} --set runner.image=${runner.name}`;
  const install = `helm install cody-batch charts/cody-batch --namespace cody-batch --create-namespace ${set}`;
  const before = pushed ? "Next:" : "Next, once the cluster's nodes have both images (--push REGISTRY, or kind load):";
  return [...made, "", before, `  ${install}`].join("\n");
}
