import { expect, it } from "vitest";
import { crdYaml } from "../schema/crd.ts";
import { kinds, resourceOf } from "../schema/resource.ts";

it.each(kinds)("the committed manifest of %s is the one that the schemas give", async (kind) => {
  const { plural, group } = resourceOf(kind);
  await expect(crdYaml(kind)).toMatchFileSnapshot(`../../${plural}.${group}.yaml`);
});
