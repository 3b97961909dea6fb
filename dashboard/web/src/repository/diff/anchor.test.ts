import { expect, it } from "vitest";
import { anchorOf, addressOf } from "./anchor.ts";

it("names a line by the side on which it stands", () => {
  expect(anchorOf({ type: "delete", isDelete: true, content: "", lineNumber: 3 })).toBe("L3");
  expect(anchorOf({ type: "insert", isInsert: true, content: "", lineNumber: 4 })).toBe("R4");
  expect(anchorOf({ type: "normal", isNormal: true, content: "", oldLineNumber: 5, newLineNumber: 6 })).toBe("R6");
});

it("keeps the attempt and encodes the path", () => {
  expect(addressOf("?attempt=0-1&file=old", "a b/#c?.ts")).toBe("?attempt=0-1&file=a+b%2F%23c%3F.ts");
});
