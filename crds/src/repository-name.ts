/** Canonical repository key: lower case except for a path of this machine, no `.git`, no slash at the end. */
export function canonicalURL(url: string): string {
  const key = url.replace(/\/+$/, "").replace(/\.git$/i, "");
  return key.startsWith("file:") ? key : key.toLowerCase();
}

/** `owner/name`, the last two parts of the path. */
export function repositoryName(url: string): string {
  return url
    .replace(/\/+$/, "")
    .replace(/\.git$/i, "")
    .split("/")
    .slice(-2)
    .join("/");
}
