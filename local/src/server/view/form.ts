import { StatusError } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { decode } from "../object.ts";
import type { KubeObject, PlainObject } from "../object.ts";
import { mediaRangesOf } from "./media-range.ts";
import type { MediaRange } from "./media-range.ts";
import { columnDefinition, rowOf } from "./table.ts";
import type { RowObject } from "./table.ts";

/** How objects are shown to one client: as they are, as metadata only, or as rows of a Table. */
export interface Form {
  readonly contentType: string;
  readonly one: (json: string) => string;
  readonly many: (head: PlainObject, items: readonly string[]) => string;
  readonly bookmark: (object: PlainObject) => string;
}

interface View {
  readonly resource: Resource;
  readonly clock: () => Date;
  readonly includeObject: RowObject;
}

/** What the client asks for, of a request. */
export interface Wish {
  readonly accept: string;
  readonly query: URLSearchParams;
}

/** The first form of the Accept header that this server has. Throws a 406 when it has none of them. */
export function formOf({ accept, query }: Wish, resource: Resource, clock: () => Date): Form {
  const wished = query.get("includeObject");
  const includeObject = wished === "None" || wished === "Object" ? wished : "Metadata";
  for (const range of mediaRangesOf(accept)) {
    const form = formFor(range, { resource, clock, includeObject });
    if (form !== undefined) return form;
  }
  throw new StatusError({
    code: 406,
    reason: "NotAcceptable",
    message: "only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io",
  });
}

function formFor(range: MediaRange, view: View): Form | undefined {
  if (!["application/json", "application/*", "*/*"].includes(range.type)) return undefined;
  if (range.as === "") return plainForm(view);
  if (range.group !== "meta.k8s.io" || range.version !== "v1") return undefined;
  if (range.as === "Table") return tableForm(view);
  return range.as.startsWith("PartialObjectMetadata") ? partialForm(view) : undefined;
}

const metaVersion = "meta.k8s.io/v1";

/** The object of a stored text, in the version that the client asked for. */
function opened({ resource }: View, json: string): KubeObject {
  const object = decode(json);
  return resource.conversion?.fromStored(object) ?? object;
}

function plainForm(view: View): Form {
  const one = view.resource.conversion === undefined ? (json: string) => json : (json: string) => JSON.stringify(opened(view, json));
  return {
    contentType: "application/json",
    one,
    many: (head, items) => `${JSON.stringify(head).slice(0, -1)},"items":[${items.map(one).join(",")}]}`,
    bookmark: (object) => JSON.stringify(object),
  };
}

/** Only the metadata of an object, as a kind of its own. */
function partialObject({ metadata }: { readonly metadata: unknown }): PlainObject {
  return { kind: "PartialObjectMetadata", apiVersion: metaVersion, metadata };
}

function partialForm(view: View): Form {
  const one = (json: string): string => JSON.stringify(partialObject(opened(view, json)));
  return {
    contentType: "application/json",
    one,
    many: ({ metadata }, items) =>
      `{"kind":"PartialObjectMetadataList","apiVersion":"${metaVersion}","metadata":${JSON.stringify(metadata)},"items":[${items.map(one).join(",")}]}`,
    bookmark: ({ metadata }) => JSON.stringify(partialObject({ metadata })),
  };
}

function tableForm(view: View): Form {
  const { resource, clock, includeObject } = view;
  const table = (metadata: unknown, objects: readonly KubeObject[]): string => {
    const now = clock().getTime();
    const rows = objects.map((object) => rowOf(resource, object, { now, includeObject }));
    return JSON.stringify({
      kind: "Table",
      apiVersion: metaVersion,
      metadata,
      columnDefinitions: resource.columns.map(columnDefinition),
      rows,
    });
  };
  return {
    contentType: "application/json",
    one: (json) => {
      const object = opened(view, json);
      return table({ resourceVersion: object.metadata.resourceVersion }, [object]);
    },
    many: ({ metadata }, items) =>
      table(
        metadata,
        items.map((json) => opened(view, json)),
      ),
    bookmark: ({ metadata }) => table(metadata, []),
  };
}
