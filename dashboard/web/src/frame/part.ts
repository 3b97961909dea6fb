/** A part of the pages did not come: the server is gone, or it was upgraded and has other parts now. */
export class PartMissing extends Error {
  override readonly name = "PartMissing";

  constructor(cause: unknown) {
    super("A part of the pages did not come.", { cause });
  }
}

/** Names the error, for the router would take the bare one as a reason to leave the page, which a server that is gone could not give again. */
export async function part<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw new PartMissing(cause);
  }
}
