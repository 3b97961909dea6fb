export { errorCode } from "./code.ts";
export { foreignSize, ForeignFileError, readForeign, readForeignAt } from "./foreign.ts";
export { appendDurably, writeAtomic } from "./write.ts";
