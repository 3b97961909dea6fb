export { type Opinion, Review } from "./review.ts";
export { partialWarnings, tellRejected, tellVeto } from "./words.ts";
