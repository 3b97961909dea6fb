export { readInput, readInputAs } from "./input.ts";
