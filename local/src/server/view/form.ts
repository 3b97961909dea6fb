import type { ApiRequest } from "../http/exchange.ts";
import type { Resource } from "../kinds/resource.ts";
import { decode } from "../object.ts";
import type { PlainObject } from "../object.ts";

/** How objects are shown to one client: as they are, as metadata only, or as rows of a Table. */
export interface Form {
  readonly contentType: string;
  readonly one: (json: string) => string;
  readonly many: (head: PlainObject, items: readonly string[]) => string;
  readonly bookmark: (object: PlainObject) => string;
}

/** The form that the Accept header asks for first among those known. */
export function formOf(_request: ApiRequest, resource: Resource, _clock: () => Date): Form {
  return plainForm(resource);
}

function plainForm(resource: Resource): Form {
  const { conversion } = resource;
  const one = conversion === undefined ? (json: string) => json : (json: string) => JSON.stringify(conversion.fromStored(decode(json)));
  return {
    contentType: "application/json",
    one,
    many: (head, items) => `${JSON.stringify(head).slice(0, -1)},"items":[${items.map(one).join(",")}]}`,
    bookmark: (object) => JSON.stringify(object),
  };
}
