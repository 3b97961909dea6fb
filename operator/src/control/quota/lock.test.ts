import { expect, it } from "vitest";
import { Locks } from "./lock.ts";

it("does one thing at a time for a key, in order, whatever fails, and lets other keys pass", async () => {
  const locks = new Locks();
  const [log, gate] = [[] as string[], Promise.withResolvers<void>()];
  const work = (key: string, name: string, until: Promise<void> = Promise.resolve()): Promise<string> =>
    locks.run(key, async () => {
      log.push(`${name} begins`);
      await until;
      log.push(`${name} ends`);
      if (name === "second") throw new Error("second fails");
      return name;
    });
  const [first, second, third] = [work("a", "first", gate.promise), work("a", "second"), work("a", "third")];
  await work("b", "other");
  gate.resolve();
  await expect(second).rejects.toThrow("second fails");
  expect([await first, await third]).toEqual(["first", "third"]);
  const [mine, others] = [log.filter((line) => !line.startsWith("other")), log.slice(0, 3)];
  expect(mine).toEqual(["first", "second", "third"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(others.toSorted()).toEqual(["first begins", "other begins", "other ends"]);
});
