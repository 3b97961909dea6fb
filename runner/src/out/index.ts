export { errorCode } from "./code.ts";
export { foreignSize, ForeignFileError, readForeign, readForeignAt } from "./foreign.ts";
export { parseJSON } from "./json.ts";
export { readMounted } from "./mounted.ts";
export { appendDurably, writeAtomic, writeWhole } from "./write.ts";
