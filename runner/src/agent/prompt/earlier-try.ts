/** Ends the first message of a try that goes on from a stored patch. */
export const continued =
  "An earlier try of this task was interrupted. Its changes are in the files already, and may be incomplete. Look at get_diff first, then go on from there.";

/** Ends the first message of a try whose stored patch could not be taken. */
export const startedOver =
  "An earlier try of this task was interrupted and its changes could not be taken over. The files are as in the repository; start from the beginning.";
