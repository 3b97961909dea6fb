import { ApiError } from "@codybatch/operator";

/** What adds to an answer; undefined where the dashboard's ServiceAccount may not read it, for the rest is worth showing without. */
export async function unlessForbidden<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}
