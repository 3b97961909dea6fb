export { runMint } from "./mint.ts";
