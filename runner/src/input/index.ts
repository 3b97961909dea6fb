export { readInputAs } from "./input.ts";
