import { containerName, type BatchChangeSpec, type Toolbox } from "@codybatch/crds";
import type { RunnerSettings, Resources } from "../settings.ts";
import { type Mount, pathsOf, restrictedContainer, volumeMountsOf } from "./mount.ts";

/** What clone lays for the toolbox: its script, the tracked files, what may run. */
export const base: Mount = { volume: "base", path: "/base", variable: "CODYBATCH_BASE_DIR" };
/** Between agent and toolbox, flat files. */
export const mailbox: Mount = { volume: "mailbox", path: "/mailbox", variable: "CODYBATCH_MAILBOX_DIR" };
const own: Mount = { volume: "toolbox", path: "/toolbox", variable: "CODYBATCH_TOOLBOX_DIR" };
/** Many programs write there, whatever TMPDIR says. */
const tmp: Mount = { volume: "tmp-toolbox", path: "/tmp" };

/** The toolbox of a batch whose checks need one. */
export function toolboxOf({ toolbox, checks = [] }: Pick<BatchChangeSpec, "toolbox" | "checks">): Toolbox | undefined {
  return checks.length === 0 ? undefined : toolbox;
}

/**
 * The container in which code of the repository runs: the user's image with the script that clone laid. It gets no secret, no token and no setting of
 * ours. Its root file system is read-only, so that all it can fill is bounded by a volume. Whether the image is pulled anew is left to Kubernetes.
 */
export function toolboxContainer({ image, resources }: Toolbox, runner: RunnerSettings) {
  const mounts = [{ ...base, readOnly: true }, mailbox, own, tmp];
  return {
    name: containerName.toolbox,
    image,
    command: ["sh", `${base.path}/toolbox.sh`],
    // The image's own may be closed to the user that it runs as here.
    workingDir: own.path,
    env: pathsOf(mounts),
    resources: resourcesOf(resources, runner.resources.toolbox),
    securityContext: restrictedContainer,
    volumeMounts: volumeMountsOf(mounts),
    restartPolicy: "Always",
  };
}

/** The default of a resource that the user names goes as a whole: beside one request or limit the other default could be no valid pair. One that has a default limit stays limited. */
function resourcesOf({ requests = {}, limits = {} }: NonNullable<Toolbox["resources"]> = {}, fallback: Resources) {
  const unnamed = (amounts: Resources["requests"]) =>
    Object.fromEntries(Object.entries(amounts).filter(([name]) => !(name in requests) && !(name in limits)));
  const requestedOnly = Object.entries(requests).filter(([name]) => name in fallback.limits && !(name in limits));
  return {
    requests: { ...unnamed(fallback.requests), ...requests },
    limits: { ...unnamed(fallback.limits), ...Object.fromEntries(requestedOnly), ...limits },
  };
}

/** Volumes that only a pod with a toolbox has. */
export function toolboxVolumes({ base: files, mailbox: letters, toolbox, tmp: temporary }: RunnerSettings["volumeSizes"]) {
  const sizes = [
    [base, files],
    [mailbox, letters],
    [own, toolbox],
    [tmp, temporary],
  ] as const;
  return sizes.map(([{ volume: name }, sizeLimit]) => ({ name, emptyDir: { sizeLimit } }));
}
