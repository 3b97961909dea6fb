import { usePreference } from "../../preference/preference.ts";

/** Whether the viewer has marked a file as read, and what changes that. It holds for this very patch, in this browser. */
export function useViewed(digest: string, path: string): readonly [boolean, (isViewed: boolean) => void] {
  const [word, choose] = usePreference(`viewed ${digest} ${path}`, ["no", "yes"]);
  return [word === "yes", (isViewed) => choose(isViewed ? "yes" : "no")];
}
