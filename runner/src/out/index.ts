export { errorCode } from "./code.ts";
export { foreignSize, ForeignFileError, readForeign, readForeignAt } from "./foreign.ts";
export { parseJSON } from "./json.ts";
export { readMounted } from "./mounted.ts";
export { Page, pageOf, textOfPage } from "./page.ts";
export { appendDurably, Lines, writeAtomic } from "./write.ts";
