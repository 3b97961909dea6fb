import { describe, expect, it } from "vitest";
import { fillIn, namesOnlyVariables, templateVariables } from "./variables.ts";

const values = {
  "repository.name": "acme/api",
  "repository.owner": "acme",
  "repository.url": "https://github.com/acme/api",
  "repository.branch": "main",
  "batchChange.name": "node-24",
  "batchChange.namespace": "team-a",
} as const;

describe("a text is filled in", () => {
  it.each(templateVariables)("with ${%s}", (name) => {
    expect(fillIn(`a \${${name}} b`, values)).toBe(`a ${values[name]} b`);
  });

  it.each([
    ["every time", "${repository.name} ${repository.name}", "acme/api acme/api"],
    ["with nothing where it is escaped", "$${repository.name}", "${repository.name}"],
    ["behind an escaped one", "$${x} ${repository.owner}", "${x} acme"],
    ["with a dollar before it", "$$${repository.owner}", "$${repository.owner}"],
  ])("%s", (_, text, filled) => {
    expect(fillIn(text, values)).toBe(filled);
  });

  it.each([
    "${{ matrix.node }} ${{ github.repository }}",
    "{{ .Values.image }} {% if x %} {{repository.name}}",
    "${HOME} ${PATH:-x} $(pwd) `${i}` ${constructor} ${toString}",
    "${ repository.name } ${REPOSITORY.NAME} ${repository} $repository.name",
    "${project.version} ${myrepository.name}",
  ])("and everything else stays as it is: %s", (text) => {
    expect(fillIn(text, values)).toBe(text);
  });

  it("and what a value holds is not read again", () => {
    const odd = { ...values, "repository.branch": "${repository.name}$${$&$1" };
    expect(fillIn("<${repository.branch}>", odd)).toBe("<${repository.name}$${$&$1>");
  });
});

describe("names under our prefixes", () => {
  it.each(["${repository.nmae}", "${repository.}", "${batchChange.uid}", "${repository.name", "x${repository.name }y"])(
    "are refused when there is no such variable: %s",
    (text) => {
      expect(namesOnlyVariables(text)).toBe(false);
    },
  );

  it.each([
    "plain",
    "${repository.name}/${batchChange.name}",
    "$${repository.nmae}",
    "${repo.name} ${{ repository.nmae }} ${result.summary}",
    "${repo$${sitory.nmae}",
  ])("are fine: %s", (text) => {
    expect(namesOnlyVariables(text)).toBe(true);
  });
});
