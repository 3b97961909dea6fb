/** Orders of lists; a minus means descending. This file needs nothing, so that a browser can load it. */
export const batchSorts = ["-created", "created", "name", "-name", "phase", "-cost", "cost", "-failed", "-finished"] as const;

export const repositorySorts = [
  "phase",
  "repository",
  "-repository",
  "-cost",
  "cost",
  "-changed",
  "changed",
  "-duration",
  "duration",
  "-started",
  "-attempts",
] as const;
