/** A folder of a volume, as one container sees it. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
  /** Variable that tells the process the path; without one, another variable names a file in it. */
  readonly variable?: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
  readonly subPathExpr?: string;
}

/** Variables that tell a process where its mounts are. */
export function pathsOf(mounts: readonly Mount[]) {
  return mounts.flatMap(({ variable, path }) => (variable === undefined ? [] : [{ name: variable, value: path }]));
}

export function volumeMountsOf(mounts: readonly Mount[]) {
  return mounts.map(({ volume, path, readOnly, subPath, subPathExpr }) => ({
    name: volume,
    mountPath: path,
    ...(readOnly && { readOnly }),
    ...(subPath !== undefined && { subPath }),
    ...(subPathExpr !== undefined && { subPathExpr }),
  }));
}

/** With what the pod adds, the Pod Security Standard "restricted". */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
