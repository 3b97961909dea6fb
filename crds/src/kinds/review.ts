import { z } from "zod";

const model = z.string().min(1).max(128);

export const Review = z.strictObject({
  model: model.meta({ description: "Claude model id, best another one than the agent's." }),
});

/** What a second opinion says of the reported change; sentences of a model: hostile. */
export const ReviewResult = z.strictObject({
  model: model.meta({ description: "Model that judged." }),
  approved: z.boolean().meta({ description: "Whether it approves the change." }),
  reasons: z.array(z.string().max(300)).max(5).meta({ description: "Why, in a sentence each; the transcript has all of it." }),
  partial: z.boolean().optional().meta({ description: "The change was too long: only its head and tail were judged." }),
});
export type ReviewResult = z.infer<typeof ReviewResult>;
