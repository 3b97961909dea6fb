import type { Column } from "../kinds/resource.ts";
import { age } from "./age.ts";

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
  cell: (object) => object.metadata.name,
};

export const ageColumn: Column = {
  name: "Age",
  type: "string",
  description: "Time since the object was made.",
  priority: 0,
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};

/** Columns of a built-in kind. */
export function columnsOf(_kind: string): readonly Column[] {
  return [nameColumn, ageColumn];
}
