/**
 * Version of all words of ours that the model is told: the texts of this folder and the tools' descriptions. `versions/` keeps the words
 * of each version as one readable text; words that change without a new version fail the tests.
 */
export const promptVersion = 1;
