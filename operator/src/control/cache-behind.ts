/** A cache lacks an object that the server has, or has one that is gone; a later look sees the same as the server. */
export class CacheBehind extends Error {
  override readonly name = "CacheBehind";
}
