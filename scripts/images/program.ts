import { join } from "node:path";

/** The two images of Cody Batch, each made of one program. */
export const programs = ["operator", "runner"] as const;
export type Program = (typeof programs)[number];

/** The folder of the repository. */
export const root = join(import.meta.dirname, "../..");
