/** One of the reasons in a 422, as GitHub lists them. */
export interface Reason {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

interface More {
  readonly errors?: readonly (Reason | string)[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in GitHub's error form. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly errors: readonly (Reason | string)[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, { errors, headers = {} }: More = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The JSON body of a refusal; `documentation` is the page of the operation. */
export function refusalBody({ message, errors, status }: Refusal, documentation = "https://docs.github.com/rest"): object {
  return { message, ...(errors === undefined ? {} : { errors }), documentation_url: documentation, status: String(status) };
}

export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** A 422 with reasons. */
export function invalid(...errors: readonly Reason[]): Refusal {
  return new Refusal(422, "Validation Failed", { errors });
}
