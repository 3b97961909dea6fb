import { z } from "zod";
import { Duration, formed, Quantity } from "./field.ts";

export const Check = z.strictObject({
  name: formed(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be lower case letters, digits and -", 63).meta({
    description: "Name by which the agent runs it.",
  }),
  command: z.array(z.string().max(4096)).min(1).max(64).meta({ description: "Program and arguments; no shell." }),
  timeout: Duration.default("10m").meta({ description: "Wall-clock time of one run." }),
  required: z.boolean().default(false).meta({ description: "The change is kept back when this is worse than before the change." }),
  adopt: z
    .array(z.string().min(1).max(256))
    .max(20)
    .optional()
    .meta({ description: "Paths that the command may change and that become part of the patch." }),
});
export type Check = z.infer<typeof Check>;

const Quantities = z.record(z.string(), Quantity).meta({ maxProperties: 16 });

export const Toolbox = z.strictObject({
  image: formed(/^[A-Za-z0-9][-A-Za-z0-9._:/@]*$/, "must be an image's name without spaces, such as node:24", 512).meta({
    description: "Image in which checks run; needs sh and tar. Among the administrator's limits.toolboxImages.",
  }),
  setup: z
    .array(z.string().max(4096))
    .max(64)
    .optional()
    .meta({ description: "Command that runs before the first check, and again on each fresh tree." }),
  resources: z
    .strictObject({
      requests: Quantities.optional().meta({ description: "What the container is sure to get." }),
      limits: Quantities.optional().meta({ description: "What the container may use at most." }),
    })
    .optional()
    .meta({
      description:
        "Kubernetes resources of the toolbox container; the chart's runner.resources.toolbox holds for those that it does not name.",
    }),
});
export type Toolbox = z.infer<typeof Toolbox>;
