import { z } from "zod";
import { Duration, ObjectName } from "./field.ts";

const immutable = { "x-codybatch-change": "immutable" } as const;

export const Credentials = z.strictObject({
  anthropicSecret: ObjectName.default("anthropic").meta({ description: "Secret with the key api-key.", ...immutable }),
  githubReadSecret: ObjectName.default("github-read").meta({
    description:
      "Secret with the key token, or with a GitHub App (guide, credentials), for cloning, searching and looking at pull requests.",
    ...immutable,
  }),
  githubWriteSecret: ObjectName.default("github-write").meta({
    description: "Secret with the key token, or with a GitHub App, for pushing and pull requests; signing.key in it signs commits.",
    ...immutable,
  }),
});

export const ResultStorage = z.strictObject({
  type: z
    .enum(["ConfigMap", "PersistentVolumeClaim"])
    .default("ConfigMap")
    .meta({ description: "Where patches and transcripts are kept.", ...immutable }),
  claimName: ObjectName.optional().meta({ description: "ReadWriteMany claim, for PersistentVolumeClaim.", ...immutable }),
  retain: Duration.default("14d").meta({ description: "How long patches and transcripts are kept after the end; status is kept." }),
});
