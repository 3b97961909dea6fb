import { expect, it } from "vitest";
import type { Repository } from "../state/model.ts";
import { Store } from "../state/store.ts";
import type { Permissions } from "./permission.ts";
import type { Token } from "./token.ts";
import { secretOf } from "./token.ts";
import { decide } from "./visitor.ts";
import type { Visitor, Wanted } from "./visitor.ts";

const collaborators = { writer: "write", reader: "read", "acme/platform": "triage" };
const open = { id: 1, owner: "acme", name: "open", private: false, collaborators } as unknown as Repository;
const shut = { id: 2, owner: "acme", name: "shut", private: true, collaborators } as unknown as Repository;
const teams = [{ id: 3, organization: "acme", slug: "platform", members: ["member"] }];
const store = new Store({ nextId: 9, accounts: [], teams, repositories: [open, shut] });

function as(actor: string, permissions: Permissions = {}, repositories?: readonly number[]): Visitor {
  const rest = { name: "t", text: "x", account: undefined, expiresAt: undefined };
  return { kind: "token", token: { ...rest, actor, kind: "personal", permissions, repositories } };
}

function installation(account: string, permissions: Permissions, repositories?: readonly number[]): Visitor {
  const token: Token = {
    name: "i",
    text: "x",
    actor: "app[bot]",
    kind: "installation",
    permissions,
    repositories,
    account,
    expiresAt: undefined,
  };
  return { kind: "token", token };
}

const anybody: Visitor = { kind: "anonymous" };
const read: Wanted = { permission: "contents", level: "read" };
const write: Wanted = { permission: "contents", level: "write" };
const label: Wanted = { permission: "issues", level: "write" };
const all: Permissions = { contents: "write", issues: "write" };

it.each([
  ["anybody reads what is public", anybody, open, read, "granted"],
  ["nobody writes without a credential", anybody, open, write, "denied"],
  ["anybody does not see what is private", anybody, shut, read, "hidden"],
  ["a stranger reads what is public", as("stranger", all), open, read, "granted"],
  ["a stranger does not write", as("stranger", all), open, write, "denied"],
  ["a stranger does not see what is private", as("stranger", all), shut, read, "hidden"],
  ["a writer writes", as("WRITER", all), shut, write, "granted"],
  ["a writer's token that only reads does not", as("writer", { contents: "read" }), shut, write, "denied"],
  ["a token without contents does not read what is private", as("writer", { issues: "write" }), shut, read, "denied"],
  ["a writer's token for another repository does not", as("writer", all, [1]), shut, read, "hidden"],
  ["a writer's token for another repository reads what is public", as("writer", all, [2]), open, read, "granted"],
  ["a writer's token for another repository does not write what is public", as("writer", all, [2]), open, write, "denied"],
  ["a reader's token that may write does not", as("reader", all), shut, write, "denied"],
  ["a member of a team labels by its role", as("member", all), shut, label, "granted"],
  ["a member of a team writes not beyond its role", as("member", all), shut, write, "denied"],
  ["an installation writes where it is", installation("acme", all, [2]), shut, write, "granted"],
  ["an installation sees nothing private elsewhere", installation("acme", all, [1]), shut, read, "hidden"],
  ["an installation of another account writes nothing", installation("other", all), open, write, "denied"],
] as const)("%s", (...[, visitor, repository, wanted, decision]) => {
  expect(decide(visitor, repository, wanted, store)).toBe(decision);
});

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

it.each([
  [undefined, undefined],
  ["Bearer abc", "abc"],
  ["token abc", "abc"],
  [basic("x-access-token:abc"), "abc"],
  [basic("cody:abc"), "abc"],
  [basic("abc:x-oauth-basic"), "abc"],
  [basic("abc:"), "abc"],
  ["Digest abc", ""],
])("the credential of %s is %s", (header, secret) => {
  expect(secretOf(header)).toBe(secret);
});
