import { expect, it } from "vitest";
import { explain, isReason, reasons } from "./reasons.ts";
import { conditionExplanations } from "./reasons/condition.ts";
import { hostExplanations } from "./reasons/host.ts";
import { infrastructureExplanations } from "./reasons/infrastructure.ts";
import { phaseExplanations } from "./reasons/phase.ts";
import { publishExplanations } from "./reasons/publish.ts";
import { runExplanations } from "./reasons/run.ts";
import { waitingExplanations } from "./reasons/waiting.ts";

it("names every reason in one group only", () => {
  const conditions = [phaseExplanations, conditionExplanations];
  const groups = [runExplanations, infrastructureExplanations, waitingExplanations, hostExplanations, publishExplanations, ...conditions];
  const names = groups.flatMap((group) => Object.keys(group));
  expect(names.toSorted()).toEqual(Object.keys(reasons).toSorted());
});

it.each(Object.entries(reasons))("%s fits a status and says what happened, what stays, where to look and what to do", (reason, said) => {
  expect(reason).toMatch(/^[A-Z][A-Za-z]{2,63}$/);
  expect(said.meaning).toMatch(/^\S.*\.$/);
  expect(said.kept).toMatch(/^[A-Z].*\.$/);
  expect(said.look).toMatch(/^(kubectl|for chunk in \$\(kubectl) [^`]*$/);
  expect(said.next).toMatch(/^[A-Z].*\.$/);
});

it("tells a reason from any other text", () => {
  expect([isReason("Evicted"), isReason("toString"), isReason("")]).toEqual([true, false, false]);
  expect(explain("Suspended")).toBe("spec.suspend is true, so nothing new starts. Set spec.suspend to false.");
});
