/**
 * Version of all words of ours that the model is told: system prompt, tool descriptions, review demand. `testdata/prompts.json` holds each
 * version's hash; a change of the words without a new version fails the tests.
 */
export const promptVersion = 1;
