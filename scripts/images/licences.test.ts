import { expect, it } from "vitest";
import { licencesOf } from "./licences.ts";

it("gives the text of each package once, in the order of names, and none for our own files", async () => {
  const files = ["node_modules/zod/v4/index.js", "node_modules/zod/package.json", "node_modules/@kubernetes/client-node/dist/index.js"];
  const text = await licencesOf([...files, "operator/src/main.ts"]);
  expect(text.match(/^== \S+/gm)).toEqual(["== @kubernetes/client-node", "== zod"]);
  expect(text).toContain("Permission is hereby granted, free of charge");
  expect(text).toContain("Apache License");
});

it("fails for a package that is not there rather than leave its licence out", async () => {
  await expect(licencesOf(["node_modules/no-such-package/index.js"])).rejects.toThrow("no-such-package");
});
