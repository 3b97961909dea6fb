export { Patience, type Repeat } from "../../github/patience.ts";
