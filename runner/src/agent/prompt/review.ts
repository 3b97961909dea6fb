/** Asked once, above the diff, when the first report of a change comes. */
export const reviewDemand = `Not ended yet: check your change once against the task. Is all of it done, everywhere? Is anything unrelated, half done or wrong in it?
Mend what is wrong with the tools. Then call report_result again, also when nothing was wrong.`;
