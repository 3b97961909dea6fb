export { mergePatch as strategicPatch } from "./merge-patch.ts";
