import { expect, test } from "vitest";
import { Screen } from "./screen.ts";

function screen(
  isTTY: boolean,
  environment: Record<string, string> = {},
  columns = 40,
): { readonly screen: Screen; readonly text: () => string } {
  let written = "";
  const output = { isTTY, columns, write: (text: string) => (written += text) };
  return { screen: new Screen(output, environment, "[stand-in]"), text: () => written };
}

test("a terminal redraws the moving lines under the banner", () => {
  const { screen: shown, text } = screen(true);
  shown.show(["one"]);
  shown.show(["one"]);
  shown.show(["two"]);
  expect(text()).toBe("[stand-in]\none\n\u001B[2A\u001B[0J[stand-in]\ntwo\n");
});

test("elsewhere each new line is written once, without control characters", () => {
  const { screen: shown, text } = screen(false);
  shown.show(["a  Running", "b  Pending"]);
  shown.show(["a  Ready", "b  Pending"]);
  shown.say("done");
  expect(text()).toBe("[stand-in]\na  Running\nb  Pending\na  Ready\ndone\n");
});

test("a terminal gets colours, but not with NO_COLOR", () => {
  const coloured = screen(true);
  coloured.screen.say("x  Failed  because");
  expect(coloured.text()).toBe("x  \u001B[31mFailed\u001B[39m  because\n");
  const plain = screen(true, { NO_COLOR: "1" });
  plain.screen.say("x  Failed  because");
  expect(plain.text()).toBe("x  Failed  because\n");
});

test("moving lines are cut to the terminal's width, so that redrawing stays right", () => {
  const { screen: shown, text } = screen(true, {}, 10);
  shown.show(["0123456789abc"]);
  expect(text()).toBe("[stand-in\n012345678\n");
});
