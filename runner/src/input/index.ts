export { readInput } from "./input.ts";
